// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.util.List;

/// The head that a VM sends before each delivery, ask and take (message 5). Its values are not checked here.
/// @param sequence the run's counter
/// @param client the number of the recipient, or of the asked client
/// @param what the code of a scheme, or [#TAKE]
/// @param count n
/// @param valuesPerChunk of every chunk except the last
/// @param precision f, in bits
/// @param label chosen by the application
/// @param bits of an input's integers; 0 for deliveries
public record DialogHead(
        long sequence, long client, long what, long count, long valuesPerChunk, long precision, long label, long bits) {
    /// The number of words of the message.
    public static final int WORDS = 8;

    /// The code, instead of a scheme's, with which a program takes the inputs that it asked for.
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
