// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.util.ArrayList;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;

/// Collects m = x + r in rows of at most 1 MiB, with their digest.
final class MaskedInputs {
    /// Bytes of a row.
    static final int ROW = 1 << 20;

    private final List<Bytes> rows = new ArrayList<>();
    private final Sha256 digest = Sha256.begin();
    private byte[] row = new byte[ROW];
    private int used;

    /// @param elements in their sent encoding; closed by the caller
    void add(SecretBytes elements) {
        digest.add(elements);
        var bytes = elements.reveal();
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(ROW - used, bytes.length - from);
            System.arraycopy(bytes, from, row, used, length);
            used += length;
            from += length;
            if (used == ROW) {
                finishRow();
            }
        }
    }

    private void finishRow() {
        if (used > 0) {
            rows.add(Bytes.ofRange(row, 0, used));
            used = 0;
        }
    }

    /// @return all of m
    Masked finish() {
        finishRow();
        row = new byte[0];
        return new Masked(rows, digest.digest());
    }

    /// The masked values of an answer.
    ///
    /// @param rows of at most 1 MiB, in order
    /// @param digest SHA-256 of all of them
    record Masked(List<Bytes> rows, Bytes digest) {
        Masked {
            rows = List.copyOf(rows);
        }

        /// @return bytes of all rows
        long size() {
            return rows.stream().mapToLong(Bytes::size).sum();
        }
    }
}
