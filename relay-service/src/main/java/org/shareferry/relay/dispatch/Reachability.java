// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.shareferry.member.MemberName;
import org.shareferry.service.storage.Backoff;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.stereotype.Component;

/// The clients that could not be reached recently. After a backoff such a client gets one bundle at a time until it
/// accepts one; then all waiting bundles are sent.
@Component
public class Reachability {
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    private final Map<MemberName, Failure> failures = new ConcurrentHashMap<>();
    private final Map<MemberName, Instant> contacts = new ConcurrentHashMap<>();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Backoff backoff;
    private final Clock clock;

    Reachability(RelayProperties properties, Clock clock) {
        var first = properties.minBackoff();
        this.backoff = new Backoff(first, first.compareTo(MAX_BACKOFF) > 0 ? first : MAX_BACKOFF);
        this.clock = clock;
    }

    /// @param reason why it could not be reached, in this project's own words
    /// @param since the time of the first failure
    /// @param attempts the number of consecutive failed attempts
    /// @param until the end of the backoff
    /// @param probe permit for one probe at a time, kept over consecutive failures
    public record Failure(String reason, Instant since, int attempts, Instant until, Semaphore probe) {}

    /// Whether a request may be sent to a client now; valid until closed.
    ///
    /// @param taken the permit to probe the client; empty if requests are unrestricted or not allowed
    record Permit(boolean isRefused, Optional<Semaphore> taken) implements AutoCloseable {
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
    Permit permit(MemberName client) {
        var failure = failures.get(client);
        if (failure == null) {
            return new Permit(false, Optional.empty());
        }
        return isBackingOff(failure, clock.instant()) || !failure.probe().tryAcquire()
                ? new Permit(true, Optional.empty())
                : new Permit(false, Optional.of(failure.probe()));
    }

    /// @return the failure of the last request to the client
    public Optional<Failure> failure(MemberName client) {
        return Optional.ofNullable(failures.get(client));
    }

    /// @return when the client last responded to a push or pulled; empty if it did not since the service started
    public Optional<Instant> lastContact(MemberName client) {
        return Optional.ofNullable(contacts.get(client));
    }

    /// Records that the client responded to a push, or pulled.
    void reached(MemberName client) {
        contacts.put(client, clock.instant());
        failures.remove(client);
    }

    /// @param after the client's Retry-After; it can lengthen the backoff but not shorten it
    void failed(MemberName client, String reason, Optional<Duration> after) {
        var now = clock.instant();
        failures.merge(
                client,
                new Failure(reason, now, 1, until(now, 1, after), new Semaphore(1)),
                (before, first) -> isBackingOff(before, now) ? before : again(before, reason, now, after));
    }

    /// A backoff longer than the maximum was set before the clock was moved back, and is over.
    private boolean isBackingOff(Failure failure, Instant now) {
        var left = Duration.between(now, failure.until());
        return left.isPositive() && left.compareTo(backoff.cap()) <= 0;
    }

    private Failure again(Failure before, String reason, Instant now, Optional<Duration> after) {
        int attempts = before.attempts() + 1;
        return new Failure(reason, before.since(), attempts, until(now, attempts, after), before.probe());
    }

    private Instant until(Instant now, int attempts, Optional<Duration> after) {
        long millis = backoff.after(attempts, random).toMillis();
        long asked =
                Math.min(after.orElse(Duration.ZERO).toMillis(), backoff.cap().toMillis());
        return now.plusMillis(Math.max(millis, asked));
    }
}
