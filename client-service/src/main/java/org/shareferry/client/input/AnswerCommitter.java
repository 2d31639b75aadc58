// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.shareferry.client.input.AnswerCounter.Last;
import org.shareferry.client.input.AnswerStore.Fresh;
import org.shareferry.client.input.AnswerStore.OvertakenException;
import org.shareferry.client.input.MaskedInputs.Masked;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.work.Lease;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationArguments;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Ensures that a request gets only one answer, despite crashes and restores from backups. A second m for the same r
/// would reveal x - x' to everyone.
///
/// Only the replica with the lease answers, and only requests made after it took the lease. Each answer is first
/// counted in a file beside the opening keys, and then committed with the same number.
///
/// If the database is one behind the file, it has lost exactly that answer or was about to commit it: that request
/// is spoilt, and its input counts as used. In four other cases only requests made from now on are answered, and
/// numbering continues with a number that no older copy has: if the database is further behind, if `shareferry backup`
/// marked it as a copy, if the service was started with --restored, and if the file is missing or behind. Waiting
/// inputs of a restored database may have been used, so they are deleted.
@Component
class AnswerCommitter implements AutoCloseable {
    /// The option for a restored client, which then answers only requests made after its start.
    static final String RESTORED = "restored";

    private static final Logger LOG = LoggerFactory.getLogger(AnswerCommitter.class);
    private static final int TRIES = 3;

    private final AnswerStore store;
    private final AnswerCounter counter;
    private final Lease lease;
    private final Clock clock;
    private final Duration requestLifetime;
    private final Duration clockTolerance;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Fresh> uncommitted = Optional.empty();
    private volatile boolean hasBegun;

    @Autowired
    AnswerCommitter(
            AnswerStore store,
            AnswerCounter counter,
            DataSource source,
            Clock clock,
            ClientProperties client,
            ServiceProperties service,
            ApplicationArguments arguments) {
        this(store, counter, new Lease("answers", source), clock, client.requestLifetime(), service.clockTolerance());
        if (arguments.containsOption(RESTORED)) {
            restored();
        }
    }

    AnswerCommitter(
            AnswerStore store,
            AnswerCounter counter,
            Lease lease,
            Clock clock,
            Duration requestLifetime,
            Duration clockTolerance) {
        this.store = store;
        this.counter = counter;
        this.lease = lease;
        this.clock = clock;
        this.requestLifetime = requestLifetime;
        this.clockTolerance = clockTolerance;
    }

    /// For a database and opening keys that were restored together, which cannot be detected.
    final void restored() {
        lock.lock();
        try {
            beginRestored();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void beginRestored() throws IOException {
        long counted = counter.read().map(Last::number).orElse(0L);
        beginAnew(Math.max(counted, store.state().counter()), true);
        LOG.warn(
                "The client was restored from a backup: requests made before {} are not answered, and waiting"
                        + " inputs were deleted; give them again.",
                store.state().askedAfter());
    }

    /// The file is written first: after a crash the database is behind, and this is repeated.
    private void beginAnew(long number, boolean inputsMayBeUsed) throws IOException {
        counter.write(Last.number(number + 1));
        store.beginAnew(number + 1, beyondAllClocks(), inputsMayBeUsed);
    }

    /// Includes the tolerance, because parties' clocks may be ahead.
    private Instant beyondAllClocks() {
        return clock.instant().plus(clockTolerance);
    }

    /// Renews the lease, or takes it if it is free. An answer may take longer than the lease lasts.
    @Scheduled(fixedRateString = "PT1S")
    synchronized void beat() {
        boolean isOurs = lease.beat();
        if (isOurs && !hasBegun) {
            begin();
        }
        hasBegun = isOurs;
    }

    /// @return whether this replica holds the lease
    boolean isOurs() {
        return hasBegun && lease.isOurs();
    }

    private void begin() {
        lock.lock();
        try {
            if (lease.isShared()) {
                store.answerOnlyAfter(clock.instant());
                LOG.info("This replica now answers requests.");
            }
            compareCounters();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /// @return the time at and before which requests are too old to be answered
    Instant tooOld() {
        var oldest = clock.instant().minus(requestLifetime);
        var askedAfter = store.state().askedAfter();
        return askedAfter.isAfter(oldest) ? askedAfter : oldest;
    }

    /// @return why a request of this time is not answered; empty if its time is acceptable
    Optional<Unanswered> hindrance(Instant created) {
        if (created.isBefore(clock.instant().minus(requestLifetime))) {
            return Optional.of(new Unanswered(
                    UnansweredReason.TOO_OLD, "The request is older than shareferry.client.request-lifetime."));
        }
        var askedAfter = store.state().askedAfter();
        return created.isAfter(askedAfter)
                ? Optional.empty()
                : Optional.of(new Unanswered(
                        UnansweredReason.ASKED_BEFORE_START,
                        "The request was made before " + askedAfter + ", when this client began to answer, or"
                                + " when its database or keys were restored."));
    }

    /// Creates the answer. Called with the lock held, so nobody else answers meanwhile.
    interface AnswerFactory {
        /// @return the answer, if there is one
        Optional<NewAnswer> create();
    }

    /// @param masked m; without rows for a refusal
    /// @param input the id of the waiting input that it uses, if any
    record NewAnswer(SignedInputStatement signed, Masked masked, Optional<String> input) {}

    /// Answers a request once. If this returns true, the answer is committed and may be sent.
    ///
    /// @param created the request's time
    /// @return whether it was answered now
    boolean answer(DeliveryKey request, Instant created, AnswerFactory factory) {
        lock.lock();
        try {
            if (!isOurs()) {
                return false;
            }
            commitAgain();
            compareCounters();
            if (hindrance(created).isPresent() || store.isAnswered(request)) {
                return false;
            }
            var answer = factory.create();
            // The lease may have ended meanwhile, and another replica may answer now.
            if (answer.isEmpty() || !isOurs()) {
                return false;
            }
            commit(request, answer.get());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void commit(DeliveryKey request, NewAnswer answer) {
        long number = store.state().counter() + 1;
        try {
            counter.write(new Last(number, Optional.of(request), answer.input()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        uncommitted = Optional.of(new Fresh(request, number, answer.signed(), answer.masked(), answer.input()));
        commitAgain();
    }

    /// Retries a failed commit with the same bytes while this process runs. After a restart the request is spoilt.
    private void commitAgain() {
        for (int tries = 1; uncommitted.isPresent(); tries++) {
            var fresh = uncommitted.get();
            if (isCommitted(fresh, tries == TRIES)) {
                uncommitted = Optional.empty();
            } else {
                LOG.warn("An answer to {} could not be committed; retrying with the same answer.", fresh.request());
            }
        }
    }

    /// Commits with unknown outcome may be repeated with the same bytes.
    private boolean isCommitted(Fresh fresh, boolean isLast) {
        try {
            store.commit(fresh);
            return true;
        } catch (OvertakenException e) {
            uncommitted = Optional.empty();
            if (store.find(fresh.request())
                    .filter(stored -> stored.signed().equals(fresh.signed()))
                    .isPresent()) {
                return true;
            }
            throw e;
        } catch (DataAccessException | TransactionException e) {
            if (isLast) {
                throw e;
            }
            return false;
        }
    }

    /// Call this with the lock held.
    private void compareCounters() throws IOException {
        var state = store.state();
        if (state.isRestored()) {
            beginRestored();
            return;
        }
        long stored = state.counter();
        var last = counter.read();
        if (last.isEmpty() && stored == 0) {
            // The first start: there were no requests before.
            store.answerOnlyAfter(clock.instant());
            counter.write(Last.number(0));
            return;
        }
        long behind = last.map(Last::number).orElse(-1L) - stored;
        if (behind == 1 && last.get().request().isPresent()) {
            spoil(last.get());
        } else if (behind > 0) {
            beginAnew(last.get().number(), true);
            LOG.warn(
                    "The database lacks {} answers that were given: requests made before now are not answered, and"
                            + " waiting inputs were deleted because they may have been used.",
                    behind);
        } else if (behind < 0) {
            beginAnew(stored, false);
            LOG.warn("The counter beside the opening keys is missing or behind: requests made before now are not"
                    + " answered.");
        }
    }

    private void spoil(Last last) {
        var request = last.request().orElseThrow();
        store.spoil(request, last.input(), last.number());
        LOG.warn(
                "{} gets no answer: one may have been sent before this database was restored, or it was not committed.",
                request);
    }

    @Override
    public void close() {
        lease.close();
    }
}
