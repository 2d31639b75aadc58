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
    /// So many bytes at each end of a message are delivered one by one: they contain all lengths and word boundaries.
    private static final int END = 512;

    private static final int PIECE = 61;

    private Faults() {}

    /// @return simulates a network that delivers messages byte by byte; the middle of long ones in pieces that end
    ///     within words
    public static FaultInjection inSmallPieces() {
        return new FaultInjection() {
            @Override
            public OutputStream writesTo(OutputStream stream) {
                return new FilterOutputStream(stream) {
                    @Override
                    public void write(byte[] content, int from, int count) throws IOException {
                        int done = 0;
                        while (done < count) {
                            int untilEnd = count - END - done;
                            int piece = done < END || untilEnd <= 0 ? 1 : Math.min(PIECE, untilEnd);
                            out.write(content, from + done, piece);
                            out.flush();
                            done += piece;
                        }
                    }
                };
            }
        };
    }

    /// @param message number of a message in either direction, from 0
    /// @return simulates a VM whose process dies before this message
    public static FaultInjection cutBefore(int message) {
        return new FaultInjection() {
            @Override
            public boolean cutsBefore(int number) {
                return number == message;
            }
        };
    }

    /// @param pause before it is accepted
    /// @return simulates a VM whose program accepts its client late
    public static FaultInjection acceptsAfter(Duration pause) {
        return new FaultInjection() {
            @Override
            public void accepting() throws InterruptedException {
                Thread.sleep(pause);
            }
        };
    }

    /// @param step of the message; only its first occurrence
    /// @param word of eight bytes, from 0; the last one may be shorter
    /// @return simulates a VM that flips the lowest bit of this word
    public static FaultInjection wrongWord(FaultInjection.Position step, int word) {
        return new FaultInjection() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                return position.equals(step) ? flipped(content, word) : content;
            }
        };
    }

    /// @param content in words of eight bytes
    /// @return the content with the lowest bit of one word flipped
    public static Bytes flipped(Bytes content, int word) {
        var changed = content.toArray();
        changed[word * Long.BYTES] ^= 1;
        return Bytes.of(changed);
    }
}
