// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.service.web.BytesInFlight;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Limits the parts of masked values in memory, incoming and outgoing.
@Component
class AnswerMemory {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long ONE = 2L * AnswerUpload.PART;

    /// The limit per member. Slow readers occupy memory for long, so a few of them must not take all of it.
    private static final long MOST = 2 * ONE;

    private final BytesInFlight bytes;
    private final Duration patience;

    @Autowired
    AnswerMemory(ServiceProperties properties) {
        this(properties.bodiesInFlight().toBytes(), PATIENCE);
    }

    AnswerMemory(long total, Duration patience) {
        this.bytes = new BytesInFlight(total, Math.min(total, MOST));
        this.patience = patience;
    }

    /// @return room for one part being read and one being stored; empty if there was none in time
    Optional<Lease> take(MemberName member) throws InterruptedException {
        return bytes.take(member.toString(), ONE, patience);
    }
}
