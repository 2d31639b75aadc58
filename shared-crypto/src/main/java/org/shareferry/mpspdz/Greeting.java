// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.util.List;
import org.shareferry.delivery.RunId;

/// The greeting of a VM (message 2).
///
/// @param magic [Dialog#MAGIC] if the program uses the module
/// @param version of the dialog
/// @param run the run's id
/// @param party the VM's own number
/// @param parties N
/// @param threshold t, the number of corrupt parties that the VM's protocol tolerates (`get_threshold()`)
public record Greeting(long magic, long version, RunId run, long party, long parties, long threshold) {
    /// The number of words of the message.
    public static final int WORDS = 7;

    /// The index of N, in this and in earlier versions.
    public static final int PARTIES = 5;

    /// @param run the run's id
    /// @return the greeting of a program with this version
    public static Greeting of(RunId run, int party, int parties, int threshold) {
        return new Greeting(Dialog.MAGIC, Dialog.VERSION, run, party, parties, threshold);
    }

    /// @param words seven words; their values are not checked
    public static Greeting parse(List<Long> words) {
        return new Greeting(
                words.get(0),
                words.get(1),
                new RunId(words.get(2), words.get(3)),
                words.get(4),
                words.get(PARTIES),
                words.get(6));
    }

    /// @return the message
    public long[] words() {
        return new long[] {magic, version, run.first(), run.second(), party, parties, threshold};
    }
}
