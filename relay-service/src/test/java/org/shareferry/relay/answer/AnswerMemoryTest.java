// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.shareferry.member.MemberName;

/// Room for answers that come in or go out.
class AnswerMemoryTest {
    private static final long DEFAULT = 32L << 20;

    @Test
    void slow_readers_leave_memory_for_others() throws Exception {
        var room = new AnswerMemory(DEFAULT, Duration.ZERO);

        for (int party = 0; party < 7; party++) {
            int taken = 0;
            while (room.take(MemberName.party(party)).isPresent()) {
                taken++;
            }
            assertThat(taken).as("two at a time").isEqualTo(2);
        }

        assertThat(room.take(MemberName.party(7))).isPresent();
    }

    @Test
    void returned_bytes_can_be_taken_again() throws Exception {
        var room = new AnswerMemory(DEFAULT, Duration.ZERO);
        assertThat(room.take(MemberName.client(0))).isPresent();
        room.take(MemberName.client(0)).orElseThrow().close();

        assertThat(room.take(MemberName.client(0))).isPresent();
    }
}
