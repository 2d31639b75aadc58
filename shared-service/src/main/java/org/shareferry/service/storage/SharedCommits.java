// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Group commit: concurrent writers share one transaction and so its fsync. One caller executes the work of all
/// waiting callers; the others return when that transaction has committed.
@Component
public final class SharedCommits {
    /// The maximum number of works in one transaction.
    private static final int AT_ONCE = 64;

    /// The time limit for repeating the works of a failed transaction one by one. If the database does not respond,
    /// each of them would fail as slowly as the first, while all callers wait.
    private static final Duration REPEATING = Duration.ofSeconds(2);

    private final TransactionTemplate transactions;
    private final LongSupplier nanoTime;
    private final ReentrantLock writer = new ReentrantLock();
    private final Queue<Piece<?>> waiting = new ArrayDeque<>();

    /// @param transactions of the service's database
    @Autowired
    public SharedCommits(TransactionTemplate transactions) {
        this(transactions, System::nanoTime);
    }

    SharedCommits(TransactionTemplate transactions, LongSupplier nanoTime) {
        this.transactions = transactions;
        this.nanoTime = nanoTime;
    }

    /// Executes the work in a transaction and returns after its commit. If the shared transaction fails, the work
    /// of each caller is repeated in a transaction of its own, so that a failure affects only its cause. If that
    /// takes too long, the database is the cause, and the remaining callers get the first failure. The work may run
    /// on another thread and more than once. It must have no effect except on the database, and must be idempotent.
    ///
    /// @param work must not catch exceptions of its statements and must not mark the transaction for rollback
    /// @return what the work returned
    /// @throws RuntimeException from the work or the commit; then nothing of this work is stored
    public <T> T commit(Supplier<T> work) {
        var piece = new Piece<>(work);
        synchronized (waiting) {
            waiting.add(piece);
        }
        writer.lock();
        try {
            while (!piece.isDone()) {
                write(next());
            }
        } finally {
            writer.unlock();
        }
        return piece.result();
    }

    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private List<Piece<?>> next() {
        var pieces = new ArrayList<Piece<?>>();
        synchronized (waiting) {
            while (pieces.size() < AT_ONCE && !waiting.isEmpty()) {
                pieces.add(waiting.remove());
            }
        }
        return pieces;
    }

    private void write(List<Piece<?>> pieces) {
        try {
            transactions.executeWithoutResult(status -> pieces.forEach(Piece::run));
            pieces.forEach(Piece::succeed);
        } catch (RuntimeException e) {
            if (pieces.size() > 1) {
                repeat(pieces, e);
            } else {
                pieces.getFirst().fail(e);
            }
        } finally {
            // Also after an Error, so that no caller waits for ever.
            pieces.forEach(Piece::end);
        }
    }

    private void repeat(List<Piece<?>> pieces, RuntimeException failure) {
        long begun = nanoTime.getAsLong();
        for (var piece : pieces) {
            if (nanoTime.getAsLong() - begun < REPEATING.toNanos()) {
                write(List.of(piece));
            } else {
                piece.fail(failure);
            }
        }
    }

    /// The work of one caller, guarded by the writer's lock.
    private static final class Piece<T> {
        private final Supplier<T> work;
        private @Nullable T result;
        private RuntimeException failure = new IllegalStateException("A shared transaction was aborted.");
        private State state = State.WAITING;

        private enum State {
            WAITING,
            COMMITTED,
            FAILED
        }

        Piece(Supplier<T> work) {
            this.work = work;
        }

        void run() {
            result = work.get();
        }

        void succeed() {
            state = State.COMMITTED;
        }

        void fail(RuntimeException e) {
            failure = e;
            state = State.FAILED;
        }

        void end() {
            if (state == State.WAITING) {
                state = State.FAILED;
            }
        }

        boolean isDone() {
            return state != State.WAITING;
        }

        T result() {
            if (state == State.FAILED) {
                throw failure;
            }
            return Objects.requireNonNull(result);
        }
    }
}
