// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.web.BytesInFlight;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// How many parts of masked values are in memory at a time, coming in or going out.
@Component
class AnswerRoom {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long ONE = 2L * Intake.PART;

    /// Of a member. Whoever reads slowly keeps its room for long, so a few such members must not take all of it.
    private static final long MOST = 2 * ONE;

    private final BytesInFlight bytes;
    private final Duration patience;

    @Autowired
    AnswerRoom(ServiceProperties properties) {
        this(properties.bodiesInFlight().toBytes(), PATIENCE);
    }

    AnswerRoom(long total, Duration patience) {
        this.bytes = new BytesInFlight(total, Math.min(total, MOST));
        this.patience = patience;
    }

    /// @return room for a part that is read and one that is kept; empty when there was none for a while
    Optional<Lease> take(MemberName member) throws InterruptedException {
        return bytes.take(member.toString(), ONE, patience);
    }
}
