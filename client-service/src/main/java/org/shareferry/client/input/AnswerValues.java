// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.crypto.SecretBytes;

/// x, the values of one answer: rows of [InputEncoder#ROW] integers, the last one shorter.
///
/// @param waiting the id of the waiting input; empty if the values came with the answer
/// @param bits of each integer
/// @param acceptUnverified protocols for which the request need not be verified
/// @param rows to be read in order
record AnswerValues(Optional<String> waiting, int bits, Set<String> acceptUnverified, Rows rows) {
    /// Returns a row; the caller closes it.
    interface Rows {
        SecretBytes row(int index);
    }

    /// In-memory rows of values that came with the answer.
    static final class InMemory implements Rows, AutoCloseable {
        private final List<SecretBytes> all = new ArrayList<>();

        /// @param index of the next row
        void add(int index, SecretBytes row) {
            if (index != all.size()) {
                throw new IllegalArgumentException("Rows must be added in order.");
            }
            all.add(SecretBytes.copyOf(row.reveal()));
        }

        @Override
        public SecretBytes row(int index) {
            return SecretBytes.copyOf(all.get(index).reveal());
        }

        @Override
        public void close() {
            all.forEach(SecretBytes::close);
        }
    }

    /// @param first the index of the first value
    /// @param count the number of integers
    /// @return the integers; the caller closes them
    SecretBytes range(long first, int count) {
        int size = Math.ceilDiv(bits, 8);
        var bytes = new byte[Math.multiplyExact(count, size)];
        int done = 0;
        while (done < count) {
            long next = first + done;
            int within = (int) (next % InputEncoder.ROW);
            try (var row = rows.row((int) (next / InputEncoder.ROW))) {
                int length = Math.min(count - done, row.size() / size - within);
                System.arraycopy(row.reveal(), within * size, bytes, done * size, length * size);
                done += length;
            }
        }
        return SecretBytes.takeOver(bytes);
    }
}
