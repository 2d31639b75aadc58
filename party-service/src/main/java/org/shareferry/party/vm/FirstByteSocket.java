// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/// A socket that records whether any byte arrived. A port that accepts connections need not have a VM behind it:
/// published container ports and tunnels accept first and then close. Only the first byte proves that there is a VM.
final class FirstByteSocket extends Socket {
    private volatile boolean hasReceived;

    /// @return whether a byte arrived
    boolean hasReceived() {
        return hasReceived;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                return recorded(super.read());
            }

            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                return recorded(super.read(into, from, count));
            }
        };
    }

    /// @param result of reading; negative at the end
    private int recorded(int result) {
        if (result >= 0) {
            hasReceived = true;
        }
        return result;
    }
}
