// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.shareferry.party.input.AskedInput;
import org.shareferry.party.input.InputAnswers;
import org.shareferry.party.input.Look;
import org.shareferry.party.input.Look.Given;
import org.shareferry.party.input.Look.NotYet;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Pacing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls for a client's answer in its own thread, so that the end of the VM's connection is noticed meanwhile.
/// Closing it stops the polling and discards the answer.
final class AwaitedInput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AwaitedInput.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    private final FutureTask<Look> search;
    private final Thread thread;

    AwaitedInput(InputAnswers answers, AskedInput asked) {
        search = new FutureTask<>(() -> search(answers, asked));
        thread = Thread.ofVirtual().name("inputs").start(search);
    }

    private static Look search(InputAnswers answers, AskedInput asked) throws InterruptedException {
        var pacing = new Pacing(BACKOFF);
        Optional<String> told = Optional.empty();
        while (true) {
            var look = answers.look(asked, WAIT);
            if (!(look instanceof NotYet(var problem))) {
                return look;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (problem.isEmpty()) {
                pacing.succeeded();
            } else {
                if (!problem.equals(told)) {
                    LOG.warn(
                            "There is no answer of {} to the request {} yet: {}.",
                            asked.facts().recipient(),
                            asked.facts().id(),
                            problem.get());
                }
                Thread.sleep(pacing.failed(Optional.empty()));
            }
            told = problem;
        }
    }

    /// @return the result, once there is one; it is discarded when this is closed
    Optional<Look> found() {
        return search.isDone() ? Optional.of(result()) : Optional.empty();
    }

    private Look result() {
        try {
            return search.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("A finished search has no result.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
            if (search.state() == FutureTask.State.SUCCESS && search.resultNow() instanceof Given given) {
                given.masked().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
