// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.member.MemberName;
import org.springframework.stereotype.Component;

/// When this process last stored an envelope of each party. Another replica, or the process before this one, is not
/// asked: operators only want to see that something comes.
@Component
public class LastEnvelopes {
    private final Map<MemberName, Instant> times = new ConcurrentHashMap<>();
    private final Clock clock;

    public LastEnvelopes(Clock clock) {
        this.clock = clock;
    }

    /// Notes that an envelope of this party was stored now.
    public void stored(MemberName party) {
        times.put(party, clock.instant());
    }

    /// @return when the party's last envelope was stored; empty if none was since the start of this process
    public Optional<Instant> of(MemberName party) {
        return Optional.ofNullable(times.get(party));
    }
}
