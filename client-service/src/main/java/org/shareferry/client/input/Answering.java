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
/// file
/// by one has lost that answer alone, or was about to commit it: that request is spoilt. One that is further behind, a
/// client that was told that it was restored, and a file that is missing or behind: nothing is answered that was asked
/// before now.
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
            store.answerOnlyAfter(beyondAllClocks());
            LOG.warn(
                    "The client was restored from a backup: nothing is answered that was asked before {}.",
                    store.state().askedAfter());
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
            compareCounters();
            if (hindrance(created).isPresent() || store.isAnswered(request)) {
                return false;
            }
            var made = making.make();
            made.ifPresent(answer -> commit(request, answer));
            return made.isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void commit(DeliveryKey request, Made made) {
        long number = store.state().counter() + 1;
        try {
            counter.write(new Last(number, Optional.of(request)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var fresh = new Fresh(request, number, made.signed(), made.masked(), made.input());
        for (int tries = 1; !isCommitted(fresh, tries == TRIES); tries++) {
            LOG.warn("An answer to {} could not be committed; the same answer is tried again.", request);
        }
    }

    /// The same bytes may be committed again where nobody knows whether they were.
    private boolean isCommitted(Fresh fresh, boolean isLast) {
        try {
            store.commit(fresh);
            return true;
        } catch (OvertakenException e) {
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
        var state = store.state();
        var last = counter.read();
        if (last.isEmpty()) {
            // At the first start nothing was asked before. Else the folder is not the one that it was.
            store.answerOnlyAfter(state.counter() == 0 ? clock.instant() : beyondAllClocks());
            counter.write(new Last(state.counter(), Optional.empty()));
            return;
        }
        long behind = last.get().number() - state.counter();
        if (behind == 1 && last.get().request().isPresent()) {
            var request = last.get().request().get();
            store.spoil(request, last.get().number());
            LOG.warn(
                    "{} gets no answer: one may have left before this database was restored, or none was committed.",
                    request);
        } else if (behind > 0) {
            store.catchUp(last.get().number(), beyondAllClocks());
            LOG.warn(
                    "The database lacks {} answers that were given: nothing is answered that was asked before now.",
                    behind);
        } else if (behind < 0) {
            store.answerOnlyAfter(beyondAllClocks());
            counter.write(new Last(state.counter(), Optional.empty()));
            LOG.warn(
                    "The counter beside the opening keys is {} behind: nothing is answered that was asked before now.",
                    -behind);
        }
    }

    @Override
    public void close() {
        lease.close();
    }
}
