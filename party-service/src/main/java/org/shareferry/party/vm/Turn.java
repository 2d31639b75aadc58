// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;

/// How many words the message has that the VM reads next, so that a refusal can take its place.
final class Turn {
    private final VmChannel channel;
    private long words;

    Turn(VmChannel channel) {
        this.channel = channel;
    }

    /// @param count words of the message that the VM reads next
    void vmReadsNext(long count) {
        words = count;
    }

    /// The VM reads what answers its next head: one word, the digest of an answer after a take, or a digest and a
    /// commitment in committed and after an ask. Until the head is known the longest one serves all: VMs leave
    /// alone what they do not read of a message (MP-SPDZ `read_socket_ints`), but die when words are missing.
    void vmReadsAnswerToHead() {
        vmReadsNext(CommittedClosing.COMMITMENT_WORDS);
    }

    /// Sends a number where the VM reads next, and zeros behind it.
    ///
    /// @return false when nothing can be said, because what the VM reads is not known
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
