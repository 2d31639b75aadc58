// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.shareferry.party.input.AnswerFetch;
import org.shareferry.party.input.AnswerFetch.Given;
import org.shareferry.party.input.AnswerFetch.NotYet;
import org.shareferry.party.input.InputAnswers;
import org.shareferry.party.input.InputRequest;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Pacing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls for a client's answer in its own thread, so that the end of the VM's connection is noticed meanwhile.
/// Closing it stops the polling and discards the answer.
final class AnswerPoll implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerPoll.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    private final FutureTask<AnswerFetch> task;
    private final Thread thread;

    AnswerPoll(InputAnswers answers, InputRequest request) {
        task = new FutureTask<>(() -> poll(answers, request));
        thread = Thread.ofVirtual().name("inputs").start(task);
    }

    private static AnswerFetch poll(InputAnswers answers, InputRequest request) throws InterruptedException {
        var pacing = new Pacing(BACKOFF);
        Optional<String> loggedProblem = Optional.empty();
        while (true) {
            var fetched = answers.fetch(request, WAIT);
            if (!(fetched instanceof NotYet(var problem))) {
                return fetched;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (problem.isEmpty()) {
                pacing.succeeded();
            } else {
                if (!problem.equals(loggedProblem)) {
                    LOG.warn(
                            "No answer of {} to request {} yet; retrying. Cause: {}.",
                            request.facts().recipient(),
                            request.facts().id(),
                            problem.get());
                }
                Thread.sleep(pacing.failed(Optional.empty()));
            }
            loggedProblem = problem;
        }
    }

    /// @return the result, once there is one; it is discarded when this is closed
    Optional<AnswerFetch> result() {
        return task.isDone() ? Optional.of(finished()) : Optional.empty();
    }

    private AnswerFetch finished() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted although polling had finished.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
            if (task.state() == FutureTask.State.SUCCESS && task.resultNow() instanceof Given given) {
                given.masked().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
