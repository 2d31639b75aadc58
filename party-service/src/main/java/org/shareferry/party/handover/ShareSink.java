// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.io.OutputStream;
import java.util.Arrays;
import org.shareferry.crypto.SecretBytes;

/// Takes up decoded bytes of one length known beforehand. What is too much is counted and let go, so that
/// memory is bounded whatever is sent.
final class ShareSink extends OutputStream {
    private final byte[] content;
    private long size;
    private boolean taken;

    /// @param expected how many bytes belong here
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

    /// @return how many bytes were sent
    long size() {
        return size;
    }

    /// @return whether as many were sent as belong here
    boolean isFull() {
        return size == content.length;
    }

    /// @return the bytes, which the caller closes
    SecretBytes take() {
        taken = true;
        return SecretBytes.takeOver(content);
    }

    /// Wipes what was not taken.
    @Override
    public void close() {
        if (!taken) {
            Arrays.fill(content, (byte) 0);
        }
    }
}
