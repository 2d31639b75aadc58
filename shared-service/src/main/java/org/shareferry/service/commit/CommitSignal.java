// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.commit;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Wakes threads that wait for a change to be committed by this process. Other replicas do not signal, so every wait
/// has a time limit.
@Component
public class CommitSignal {
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
}
