// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.io.OutputStream;
import java.util.Arrays;
import org.shareferry.crypto.SecretBytes;

/// Collects decoded bytes of a known length. Excess bytes are counted but not stored, so memory is bounded.
final class ShareSink extends OutputStream {
    private final byte[] content;
    private long size;
    private boolean taken;

    /// @param expected the expected number of bytes
    ShareSink(int expected) {
        content = new byte[expected];
    }

    @Override
    public void write(int next) {
        if (size < content.length) {
            content[(int) size] = (byte) next;
        }
        size++;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        if (size < content.length) {
            System.arraycopy(source, offset, content, (int) size, (int) Math.min(length, content.length - size));
        }
        size += length;
    }

    /// @return the number of bytes written
    long size() {
        return size;
    }

    /// @return whether exactly the expected number was written
    boolean isFull() {
        return size == content.length;
    }

    /// @return the bytes; the caller closes them
    SecretBytes take() {
        taken = true;
        return SecretBytes.takeOver(content);
    }

    /// Wipes the bytes unless they were taken.
    @Override
    public void close() {
        if (!taken) {
            Arrays.fill(content, (byte) 0);
        }
    }
}
