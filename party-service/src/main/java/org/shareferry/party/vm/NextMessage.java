// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;

/// Tracks the number of words in the message that the VM reads next, so that a refusal can replace it.
final class NextMessage {
    private final VmChannel channel;
    private long words;

    NextMessage(VmChannel channel) {
        this.channel = channel;
    }

    /// @param count the number of words in that message
    void hasWords(long count) {
        words = count;
    }

    /// The VM reads the answer to its next head: one word, the digest of an answer after a take, or a digest and a
    /// commitment in committed and after an ask. Until the head is known the longest of these is used: VMs ignore
    /// surplus words of a message (MP-SPDZ `read_socket_ints`), but die if words are missing.
    void isAnswerToHead() {
        hasWords(CommittedClosing.COMMITMENT_WORDS);
    }

    /// Sends a number followed by zeros as the message that the VM reads next.
    ///
    /// @return false if the length of that message is unknown
    boolean refuse(long number) throws IOException {
        if (words == 0) {
            return false;
        }
        channel.begin(words);
        channel.append(number);
        for (long zero = 1; zero < words; zero++) {
            channel.append(0);
        }
        channel.end();
        return true;
    }
}
