// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.shareferry.member.MemberName;
import org.shareferry.relay.RelayProperties;
import org.shareferry.service.storage.Backoff;
import org.springframework.stereotype.Component;

/// Which clients could not be reached lately. Such a client is left alone for a moment and then asked for one
/// bundle at a time: else its bundles, each until its timeout, would hold all threads, and keep those for other
/// clients waiting.
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
    /// @param turn to ask it; one for the whole row
    record Trouble(String reason, Instant since, int failures, Instant until, Semaphore turn) {}

    /// Asks a client, unless it is to be left alone for a moment or another thread finds out how it is now.
    ///
    /// @param question says in the end whether it `reached` the client or `failed`
    /// @return what is wrong with the client, if it was not asked
    Optional<Trouble> ask(MemberName client, Runnable question) {
        var trouble = troubles.get(client);
        if (trouble == null) {
            question.run();
            return Optional.empty();
        }
        if (clock.instant().isBefore(trouble.until()) || !trouble.turn().tryAcquire()) {
            return Optional.of(trouble);
        }
        try {
            question.run();
            return Optional.empty();
        } finally {
            trouble.turn().release();
        }
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
                new Trouble(reason, now, 1, now.plus(backoff.after(1, random)), new Semaphore(1)),
                (before, first) -> now.isBefore(before.until()) ? before : again(before, reason, now));
    }

    private Trouble again(Trouble before, String reason, Instant now) {
        int failures = before.failures() + 1;
        return new Trouble(reason, before.since(), failures, now.plus(backoff.after(failures, random)), before.turn());
    }
}
