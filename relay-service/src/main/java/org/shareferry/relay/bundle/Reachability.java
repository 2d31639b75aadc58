// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.shareferry.member.MemberName;
import org.shareferry.relay.RelayProperties;
import org.shareferry.service.storage.Backoff;
import org.springframework.stereotype.Component;

/// Which clients could not be reached lately. Bundles for such a client do not try one after the other, each
/// until its timeout: they would keep those for other clients waiting.
@Component
class Reachability {
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Map<MemberName, Trouble> troubles = new ConcurrentHashMap<>();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Backoff backoff;
    private final Clock clock;

    Reachability(RelayProperties properties, Clock clock) {
        var first = properties.firstRetry();
        this.backoff = new Backoff(first, first.compareTo(LONGEST_REST) > 0 ? first : LONGEST_REST);
        this.clock = clock;
    }

    /// @param reason why it could not be reached, in words of ours
    /// @param since when that began
    /// @param failures how often in a row
    /// @param until when it is tried again
    record Trouble(String reason, Instant since, int failures, Instant until) {}

    /// @return what is wrong with a client that is left alone for a moment
    Optional<Trouble> resting(MemberName client) {
        return trouble(client).filter(trouble -> clock.instant().isBefore(trouble.until()));
    }

    /// @return what was wrong when the client was last asked
    Optional<Trouble> trouble(MemberName client) {
        return Optional.ofNullable(troubles.get(client));
    }

    void reached(MemberName client) {
        troubles.remove(client);
    }

    void failed(MemberName client, String reason) {
        var now = clock.instant();
        troubles.merge(
                client,
                new Trouble(reason, now, 1, now.plus(backoff.after(1, random))),
                (before, first) -> now.isBefore(before.until()) ? before : again(before, reason, now));
    }

    private Trouble again(Trouble before, String reason, Instant now) {
        int failures = before.failures() + 1;
        return new Trouble(reason, before.since(), failures, now.plus(backoff.after(failures, random)));
    }
}
