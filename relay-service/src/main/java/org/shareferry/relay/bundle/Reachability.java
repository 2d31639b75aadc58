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

/// The clients that could not be reached recently. After a backoff such a client gets one bundle at a time until it
/// accepts one; then all waiting bundles are sent.
@Component
class Reachability {
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Map<MemberName, Trouble> troubles = new ConcurrentHashMap<>();
    private final Map<MemberName, Instant> contacts = new ConcurrentHashMap<>();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Backoff backoff;
    private final Clock clock;

    Reachability(RelayProperties properties, Clock clock) {
        var first = properties.minBackoff();
        this.backoff = new Backoff(first, first.compareTo(LONGEST_REST) > 0 ? first : LONGEST_REST);
        this.clock = clock;
    }

    /// @param reason why it could not be reached, in this project's own words
    /// @param since the time of the first failure
    /// @param failures the number of consecutive failures
    /// @param until the end of the backoff
    /// @param turn permit for one probe at a time, kept over consecutive failures
    record Trouble(String reason, Instant since, int failures, Instant until, Semaphore turn) {}

    /// Whether a request may be sent to a client now; valid until closed.
    ///
    /// @param taken the permit to probe the client; empty if requests are unrestricted or not allowed
    record Turn(boolean isRefused, Optional<Semaphore> taken) implements AutoCloseable {
        /// @return whether only one probe may be sent, because the client's state is unknown
        boolean isAlone() {
            return taken.isPresent();
        }

        @Override
        public void close() {
            taken.ifPresent(Semaphore::release);
        }
    }

    /// @return refused during a backoff, or while another thread probes the client
    Turn turn(MemberName client) {
        var trouble = troubles.get(client);
        if (trouble == null) {
            return new Turn(false, Optional.empty());
        }
        return isResting(trouble, clock.instant()) || !trouble.turn().tryAcquire()
                ? new Turn(true, Optional.empty())
                : new Turn(false, Optional.of(trouble.turn()));
    }

    /// @return the failure of the last request to the client
    Optional<Trouble> trouble(MemberName client) {
        return Optional.ofNullable(troubles.get(client));
    }

    /// @return when the client last took bundles or came for them; empty if it did not since the service started
    Optional<Instant> lastContact(MemberName client) {
        return Optional.ofNullable(contacts.get(client));
    }

    /// Notes that the client judged what it was brought, or came for it.
    void reached(MemberName client) {
        contacts.put(client, clock.instant());
        troubles.remove(client);
    }

    /// @param after the client's Retry-After; it can lengthen the backoff but not shorten it
    void failed(MemberName client, String reason, Optional<Duration> after) {
        var now = clock.instant();
        troubles.merge(
                client,
                new Trouble(reason, now, 1, until(now, 1, after), new Semaphore(1)),
                (before, first) -> isResting(before, now) ? before : again(before, reason, now, after));
    }

    /// A backoff longer than the maximum was set before the clock was moved back, and is over.
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
