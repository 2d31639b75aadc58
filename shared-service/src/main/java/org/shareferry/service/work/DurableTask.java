// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.shareferry.service.storage.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// One kind of durable work. Each piece is named by a text, is scheduled in the transaction that makes it
/// necessary, and is tried until it is done; whoever does it decides when there is nothing left to do.
public final class DurableTask {
    private static final Logger LOG = LoggerFactory.getLogger(DurableTask.class);

    private final TaskDescriptor<String> descriptor;
    private final OneTimeTask<String> task;

    private DurableTask(TaskDescriptor<String> descriptor, OneTimeTask<String> task) {
        this.descriptor = descriptor;
        this.task = task;
    }

    /// @param name which kind of work, never to be changed
    /// @param backoff how long to wait after a failure
    /// @param work does the piece named; throws [TryAgainException] when it may be possible later
    public static DurableTask of(String name, Backoff backoff, Consumer<String> work) {
        var descriptor = TaskDescriptor.of(name, String.class);
        var random = RandomGenerator.getDefault();
        var task = Tasks.oneTime(descriptor)
                .onFailure((complete, operations) -> postpone(name, backoff, random, complete, operations))
                .execute((instance, context) -> work.accept(instance.getId()));
        return new DurableTask(descriptor, task);
    }

    /// @return what db-scheduler runs
    public OneTimeTask<String> task() {
        return task;
    }

    /// Schedules a piece of work at once, in the current transaction if there is one. A piece that is
    /// scheduled already stays as it is.
    ///
    /// @param piece its name
    /// @param now the time by the service's clock
    public void schedule(Scheduler scheduler, String piece, Instant now) {
        scheduler.scheduleIfNotExists(descriptor.instance(piece).data("").scheduledTo(now));
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    scheduler.triggerCheckForDueExecutions();
                }
            });
        } else {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    /// Makes a piece of work due at once, also one that waits for its next attempt. One that is under way stays so.
    ///
    /// @param piece its name
    /// @param now the time by the service's clock
    public void hurry(Scheduler scheduler, String piece, Instant now) {
        try {
            scheduler.schedule(
                    descriptor.instance(piece).data("").scheduledTo(now), ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
        } catch (TaskInstanceCurrentlyExecutingException e) {
            LOG.debug("{} {} is under way already", descriptor.getTaskName(), piece);
        }
        scheduler.triggerCheckForDueExecutions();
    }

    /// A neighbour can ask for more time than the back-off gives it, and never for less: `Retry-After: 0` must not make
    /// anybody ask without a pause. One that asks for more than the cap is asked as if it had said nothing.
    static Duration longer(Duration delay, Optional<Duration> after, Duration cap) {
        return after.filter(wanted -> wanted.compareTo(cap) < 0 && wanted.compareTo(delay) > 0)
                .orElse(delay);
    }

    private static void postpone(
            String name,
            Backoff backoff,
            RandomGenerator random,
            ExecutionComplete complete,
            ExecutionOperations<String> operations) {
        var piece = complete.getExecution().taskInstance.getId();
        int failures = complete.getExecution().consecutiveFailures + 1;
        Duration delay = backoff.after(failures, random);
        var cause = complete.getCause().orElse(null);
        if (cause instanceof TryAgainException again) {
            delay = again.isRare() ? again.after().orElse(delay) : longer(delay, again.after(), backoff.cap());
            // Waiting is no news: the first few times are told, then ever more rarely.
            var level = Integer.bitCount(failures) == 1 ? Level.INFO : Level.DEBUG;
            LOG.atLevel(level).log("{} {} is tried again in {} ms: {}", name, piece, delay.toMillis(), again.reason());
        } else {
            LOG.error("{} {} failed for a reason that this service does not foresee", name, piece, cause);
        }
        operations.reschedule(complete, complete.getTimeDone().plus(delay));
    }
}
