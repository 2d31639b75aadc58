// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.commit;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Wakes threads that wait for a change to be committed by this process. Other replicas do not signal, so every wait
/// has a time limit.
@Component
public class CommitSignal {
    /// The longest wait of a long poll.
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final Duration BETWEEN_QUERIES = Duration.ofMillis(250);

    /// One party: each arrival ends a phase at once.
    private final Phaser phases = new Phaser(1);

    /// @return the current phase; read it before you query the database, so that no signal is missed
    public int phase() {
        return phases.getPhase();
    }

    /// Wakes all waiting threads. Synchronized, because two concurrent arrivals would advance the phase twice.
    public synchronized void signal() {
        phases.arrive();
    }

    /// Wakes all waiting threads when the current transaction has committed.
    public void signalAfterCommit() {
        if (TransactionSynchronizationManager.hasResource(this)) {
            return;
        }
        TransactionSynchronizationManager.bindResource(this, this);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal();
            }

            @Override
            public void afterCompletion(int status) {
                TransactionSynchronizationManager.unbindResource(CommitSignal.this);
            }
        });
    }

    /// Ends all waits when the service begins to stop, before the web server waits for open requests.
    @EventListener(ContextClosedEvent.class)
    public void stop() {
        phases.forceTermination();
    }

    /// @return whether the service is not stopping
    public boolean isRunning() {
        return !phases.isTerminated();
    }

    /// Returns after a signal, after `most`, or when the service stops.
    ///
    /// @param phase from [#phase]
    public void await(int phase, Duration most) throws InterruptedException {
        try {
            phases.awaitAdvanceInterruptibly(phase, most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // Nothing was committed here. The caller queries the database again, for changes of other
            // replicas.
            return;
        }
    }

    /// A long poll: repeats a query after each commit, and at intervals for commits of other replicas.
    ///
    /// @param wait how long to wait for an answer; at most 30 s
    /// @return the first result that is an answer; the last one when the time is over or the service stops
    public <T> T poll(Duration wait, Supplier<T> query, Predicate<T> isAnswer) throws InterruptedException {
        long end = System.nanoTime() + (wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait).toNanos();
        while (true) {
            int phase = phase();
            var found = query.get();
            long left = end - System.nanoTime();
            if (isAnswer.test(found) || left <= 0 || !isRunning()) {
                return found;
            }
            await(phase, Duration.ofNanos(Math.min(left, BETWEEN_QUERIES.toNanos())));
        }
    }
}
