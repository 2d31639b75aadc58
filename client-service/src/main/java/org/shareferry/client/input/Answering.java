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
import org.shareferry.client.ClientProperties;
import org.shareferry.client.input.AnswerCounter.Last;
import org.shareferry.client.input.AnswerStore.Fresh;
import org.shareferry.client.input.AnswerStore.OvertakenException;
import org.shareferry.client.input.MaskedInputs.Masked;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.work.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationArguments;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Sees to it that a request gets one answer, whatever crashes and whatever is restored from a backup. A second m for
/// the same r would tell everybody x - x'.
///
/// One replica answers: it holds a lease, and answers nothing that was asked before it took it. Each answer is first
/// counted in a file beside the opening keys, and then committed with the same number. A database that is behind the
/// file by one has lost that answer alone, or was about to commit it: that request is spoilt, and its input was used.
/// One that is further behind, a client that was told that it was restored, and a file that is missing or behind:
/// nothing is answered that was asked before now, and numbers go on from one that no older copy has. Inputs that wait
/// in a database that was restored may have been used, so they are deleted.
@Component
class Answering implements AutoCloseable {
    /// What makes a client answer nothing that was asked before it started.
    static final String RESTORED = "restored";

    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
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
    Answering(
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

    Answering(
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

    /// Database and opening keys were restored together, which nothing shows.
    final void restored() {
        lock.lock();
        try {
            long counted = counter.read().map(Last::number).orElse(0L);
            beginAnew(Math.max(counted, store.state().counter()), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
        LOG.warn(
                "The client was restored from a backup: nothing is answered that was asked before {}, and inputs that"
                        + " waited are deleted; give them again.",
                store.state().askedAfter());
    }

    /// The file is written first: a crash behind it leaves the database behind, and this is done again.
    private void beginAnew(long number, boolean inputsMayBeUsed) throws IOException {
        counter.write(Last.number(number + 1));
        store.beginAnew(number + 1, beyondAllClocks(), inputsMayBeUsed);
    }

    /// Parties whose clocks are ahead ask, by their clocks, later than they did.
    private Instant beyondAllClocks() {
        return clock.instant().plus(clockTolerance);
    }

    /// Renews the lease, or takes it when it is free. An answer may take longer than a lease lasts.
    @Scheduled(fixedRateString = "PT1S")
    synchronized void beat() {
        boolean isOurs = lease.beat();
        if (isOurs && !hasBegun) {
            begin();
        }
        hasBegun = isOurs;
    }

    /// @return whether this replica answers
    boolean isOurs() {
        return hasBegun && lease.isOurs();
    }

    private void begin() {
        lock.lock();
        try {
            if (lease.isShared()) {
                store.answerOnlyAfter(clock.instant());
                LOG.info("This replica answers requests that are made from now on.");
            }
            compareCounters();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /// @return the time of a request that is too old to be answered, as is every one before it
    Instant tooOld() {
        var oldest = clock.instant().minus(requestLifetime);
        var askedAfter = store.state().askedAfter();
        return askedAfter.isAfter(oldest) ? askedAfter : oldest;
    }

    /// @return why a request of this time is not answered; nothing where its time is no hindrance
    Optional<String> hindrance(Instant created) {
        if (created.isBefore(clock.instant().minus(requestLifetime))) {
            return Optional.of("It was asked longer ago than shareferry.client.request-lifetime.");
        }
        var askedAfter = store.state().askedAfter();
        return created.isAfter(askedAfter)
                ? Optional.empty()
                : Optional.of("It was not asked after " + askedAfter
                        + ", when this client began to answer, or when its database or keys had been restored.");
    }

    /// Makes an answer. It is told the lock is held: nobody else answers meanwhile.
    interface Making {
        /// @return the answer, if there is one
        Optional<Made> make();
    }

    /// @param masked m; without rows where the client refuses
    /// @param input the id of the waiting input that it uses, if it does
    record Made(SignedInputStatement signed, Masked masked, Optional<String> input) {}

    /// Answers a request once. When this returns true, the answer is committed and may be sent.
    ///
    /// @param created the request's time
    /// @return whether it was answered now
    boolean answer(DeliveryKey request, Instant created, Making making) {
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
            var made = making.make();
            // Making it may have taken longer than the lease lasted: another replica counts its answers by now.
            if (made.isEmpty() || !isOurs()) {
                return false;
            }
            commit(request, made.get());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void commit(DeliveryKey request, Made made) {
        long number = store.state().counter() + 1;
        try {
            counter.write(new Last(number, Optional.of(request), made.input()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        uncommitted = Optional.of(new Fresh(request, number, made.signed(), made.masked(), made.input()));
        commitAgain();
    }

    /// Commits what could not be committed before. While this process lives, the same bytes are tried; after it, the
    /// request is spoilt.
    private void commitAgain() {
        for (int tries = 1; uncommitted.isPresent(); tries++) {
            var fresh = uncommitted.get();
            if (isCommitted(fresh, tries == TRIES)) {
                uncommitted = Optional.empty();
            } else {
                LOG.warn("An answer to {} could not be committed; the same answer is tried again.", fresh.request());
            }
        }
    }

    /// The same bytes may be committed again where nobody knows whether they were.
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

    /// To be called with the lock held.
    private void compareCounters() throws IOException {
        long stored = store.state().counter();
        var last = counter.read();
        if (last.isEmpty() && stored == 0) {
            // The first start: nothing was asked before.
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
                    "The database lacks {} answers that were given: nothing is answered that was asked before now, and"
                            + " inputs that waited are deleted, because they may have been used.",
                    behind);
        } else if (behind < 0) {
            beginAnew(stored, false);
            LOG.warn(
                    "The counter beside the opening keys is missing or behind: nothing is answered that was asked before"
                            + " now.");
        }
    }

    private void spoil(Last last) {
        var request = last.request().orElseThrow();
        store.spoil(request, last.input(), last.number());
        LOG.warn(
                "{} gets no answer: one may have left before this database was restored, or none was committed.",
                request);
    }

    @Override
    public void close() {
        lease.close();
    }
}
