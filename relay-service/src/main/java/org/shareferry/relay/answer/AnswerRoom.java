// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.web.BytesInFlight;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.springframework.stereotype.Component;

/// How many parts of masked values are in memory at a time, coming in or going out.
@Component
class AnswerRoom {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BytesInFlight bytes;

    AnswerRoom(ServiceProperties properties) {
        bytes = new BytesInFlight(
                properties.bodiesInFlight().toBytes(), properties.bodyLimit().toBytes());
    }

    /// @return room for a part that is read and one that is kept; empty when there was none for a while
    Optional<Lease> take(MemberName member) throws InterruptedException {
        return bytes.take(member.toString(), 2 * Intake.PART, PATIENCE);
    }
}
