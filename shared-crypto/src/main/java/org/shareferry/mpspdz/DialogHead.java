// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.util.List;

/// What a VM says before each delivery, ask and take (message 5), whatever it says: nothing is checked here.
///
/// @param sequence from the counter of the run
/// @param client the number of the recipient, or of who is asked
/// @param what the code of a scheme, or [#TAKE]
/// @param count n
/// @param valuesPerChunk of every chunk but the last
/// @param precision f, in bits
/// @param label the application's
/// @param bits of an input's integers; 0 for deliveries
public record DialogHead(
        long sequence, long client, long what, long count, long valuesPerChunk, long precision, long label, long bits) {
    /// Words of the message.
    public static final int WORDS = 8;

    /// The word in place of a scheme's code by which a program takes the inputs that it asked for.
    public static final long TAKE = 6;

    /// @param words eight
    public static DialogHead parse(List<Long> words) {
        return new DialogHead(
                words.get(0),
                words.get(1),
                words.get(2),
                words.get(3),
                words.get(4),
                words.get(5),
                words.get(6),
                words.get(7));
    }

    /// @return the message
    public long[] words() {
        return new long[] {sequence, client, what, count, valuesPerChunk, precision, label, bits};
    }
}
