// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.shareferry.crypto.Bytes;

/// Faults of VMs and networks, ready for use.
public final class Faults {
    private Faults() {}

    /// @return as a network that delivers every byte on its own
    public static FaultInjection oneByteAtATime() {
        return new FaultInjection() {
            @Override
            public OutputStream wire(OutputStream wire) {
                return new FilterOutputStream(wire) {
                    @Override
                    public void write(byte[] content, int from, int count) throws IOException {
                        for (int i = from; i < from + count; i++) {
                            out.write(content[i]);
                            out.flush();
                        }
                    }
                };
            }
        };
    }

    /// @param message number of a message in either direction, from 0
    /// @return as a VM whose process dies before this message
    public static FaultInjection cutBefore(int message) {
        return new FaultInjection() {
            @Override
            public boolean cutsBefore(int number) {
                return number == message;
            }
        };
    }

    /// @param pause before it is accepted
    /// @return as a VM whose program is slow to accept its client
    public static FaultInjection acceptsAfter(Duration pause) {
        return new FaultInjection() {
            @Override
            public void accepting() throws InterruptedException {
                Thread.sleep(pause);
            }
        };
    }

    /// @param step of the message, the first time it comes
    /// @param word of eight bytes, from 0; the last one may be shorter
    /// @return as a VM that sends this word of this message otherwise than it should, by its lowest bit
    public static FaultInjection wrongWord(FaultInjection.Position step, int word) {
        return new FaultInjection() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                return position.equals(step) ? flipped(content, word) : content;
            }
        };
    }

    /// @param content in words of eight bytes
    /// @return the same with the lowest bit of one word changed
    public static Bytes flipped(Bytes content, int word) {
        var changed = content.toArray();
        changed[word * Long.BYTES] ^= 1;
        return Bytes.of(changed);
    }
}
