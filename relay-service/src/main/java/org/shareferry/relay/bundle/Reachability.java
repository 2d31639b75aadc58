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

/// Which clients could not be reached lately. Such a client is left alone for a moment and then brought one bundle at a
/// time until it takes one; then everything that waits is brought at once.
@Component
class Reachability {
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Map<MemberName, Trouble> troubles = new ConcurrentHashMap<>();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Backoff backoff;
    private final Clock clock;

    Reachability(RelayProperties properties, Clock clock) {
        var first = properties.minBackoff();
        this.backoff = new Backoff(first, first.compareTo(LONGEST_REST) > 0 ? first : LONGEST_REST);
        this.clock = clock;
    }

    /// @param reason why it could not be reached, in words of ours
    /// @param since when that began
    /// @param failures how often in a row
    /// @param until when it is tried again
    /// @param turn to ask it; one for the whole row
    record Trouble(String reason, Instant since, int failures, Instant until, Semaphore turn) {}

    /// Whether a client may be asked something now, until it is closed.
    ///
    /// @param taken the turn that others wait for; empty when the client may be asked freely, or not at all
    record Turn(boolean isRefused, Optional<Semaphore> taken) implements AutoCloseable {
        /// @return whether one thing only is to be asked, because nobody knows how the client is now
        boolean isAlone() {
            return taken.isPresent();
        }

        @Override
        public void close() {
            taken.ifPresent(Semaphore::release);
        }
    }

    /// @return refused when the client is to be left alone for a moment, or another thread finds out how it is now
    Turn turn(MemberName client) {
        var trouble = troubles.get(client);
        if (trouble == null) {
            return new Turn(false, Optional.empty());
        }
        return isResting(trouble, clock.instant()) || !trouble.turn().tryAcquire()
                ? new Turn(true, Optional.empty())
                : new Turn(false, Optional.of(trouble.turn()));
    }

    /// @return what was wrong when the client was last asked
    Optional<Trouble> trouble(MemberName client) {
        return Optional.ofNullable(troubles.get(client));
    }

    void reached(MemberName client) {
        troubles.remove(client);
    }

    /// @param after when the client asked to be asked again: it makes the rest longer, never shorter
    void failed(MemberName client, String reason, Optional<Duration> after) {
        var now = clock.instant();
        troubles.merge(
                client,
                new Trouble(reason, now, 1, until(now, 1, after), new Semaphore(1)),
                (before, first) -> isResting(before, now) ? before : again(before, reason, now, after));
    }

    /// A rest that would be longer than any is one from before the clock was set back, and is over.
    private boolean isResting(Trouble trouble, Instant now) {
        var left = Duration.between(now, trouble.until());
        return left.isPositive() && left.compareTo(backoff.cap()) <= 0;
    }

    private Trouble again(Trouble before, String reason, Instant now, Optional<Duration> after) {
        int failures = before.failures() + 1;
        return new Trouble(reason, before.since(), failures, until(now, failures, after), before.turn());
    }

    private Instant until(Instant now, int failures, Optional<Duration> after) {
        long millis = backoff.after(failures, random).toMillis();
        long asked =
                Math.min(after.orElse(Duration.ZERO).toMillis(), backoff.cap().toMillis());
        return now.plusMillis(Math.max(millis, asked));
    }
}
