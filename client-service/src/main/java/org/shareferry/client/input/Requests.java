// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.shareferry.check.Verdict;
import org.shareferry.client.PartySets;
import org.shareferry.client.retention.RetentionStore;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Answers requests in order by the client's rules, with waiting inputs or with values from its users.
@Component
class Requests implements SmartLifecycle {
    /// Why an answered request gets no other answer, for people.
    static final String ANSWERED = "The request already has an answer, which is never changed, or was refused.";

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 100;

    private final RequestStore store;
    private final AnswerStore answers;
    private final InputStore inputs;
    private final Answering answering;
    private final AnswerMaking making;
    private final RetentionStore retention;
    private final PartySets partySets;
    private final CommitSignal commits;
    private final Clock clock;
    private final Duration kept;
    private final Map<DeliveryKey, Instant> failed = new ConcurrentHashMap<>();
    private volatile boolean isRunning;

    Requests(
            RequestStore store,
            AnswerStore answers,
            InputStore inputs,
            Answering answering,
            AnswerMaking making,
            RetentionStore retention,
            PartySets partySets,
            CommitSignal commits,
            Clock clock,
            ServiceProperties service) {
        this.store = store;
        this.answers = answers;
        this.inputs = inputs;
        this.answering = answering;
        this.making = making;
        this.retention = retention;
        this.partySets = partySets;
        this.commits = commits;
        this.clock = clock;
        this.kept = service.deliveryLifetime().plus(service.clockTolerance());
    }

    @Override
    public void start() {
        answering.beat();
        isRunning = true;
        Thread.ofVirtual().name("requests").start(this::run);
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    private void run() {
        while (isRunning && commits.isRunning()) {
            int phase = commits.phase();
            try {
                if (answering.isOurs()) {
                    answerAll();
                }
            } catch (RuntimeException e) {
                LOG.warn("Requests could not be read; retrying every second", e);
            }
            try {
                commits.await(phase, BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Answers all requests that can be answered now.
    void answerAll() {
        store.forget(clock.instant().minus(kept));
        var now = clock.instant();
        failed.values().removeIf(until -> until.isBefore(now));
        var tooOld = answering.tooOld();
        var some = store.open(tooOld, Optional.empty(), AT_ONCE);
        while (!some.isEmpty()) {
            some.stream()
                    .filter(request -> !failed.containsKey(request.key()) && isReady(request))
                    .forEach(this::attempt);
            some = store.open(tooOld, Optional.of(some.getLast()), AT_ONCE);
        }
    }

    /// A cheap check, because many open requests may wait for an input.
    private boolean isReady(OpenRequest request) {
        return !(byWaitingInput(request) instanceof Decision.Wait);
    }

    private void attempt(OpenRequest request) {
        try (var ignored = MDC.putCloseable("delivery", request.facts().id().toString())) {
            answer(request.key(), this::byWaitingInput);
        } catch (RuntimeException e) {
            LOG.error("A request could not be answered; retrying", e);
            failed.put(request.key(), clock.instant().plus(AFTER_FAILURE));
        }
    }

    /// The decision on a request.
    private sealed interface Decision {
        /// @param why the reason to wait, for people
        record Wait(String why) implements Decision {}

        /// The client refuses to give inputs.
        record Refuse() implements Decision {}

        /// @param given x
        record Give(GivenInput given) implements Decision {}
    }

    private Decision byWaitingInput(OpenRequest request) {
        if (!request.isHere()) {
            return new Decision.Wait("Its envelopes were deleted.");
        }
        if (request.verdict() == Verdict.REJECTED) {
            return new Decision.Refuse();
        }
        var waiting = inputs.waiting(request.facts().label(), request.facts().partySet());
        if (waiting.isEmpty()) {
            return new Decision.Wait("No input is waiting for this label and these parties.");
        }
        var input = waiting.get();
        return Consent.objection(request, input)
                .or(() -> partySets.objection(
                        request.facts().partySet(), input.parameters().acceptUnverified()))
                .<Decision>map(Decision.Wait::new)
                .orElseGet(() -> new Decision.Give(new GivenInput(
                        Optional.of(input.id()),
                        input.parameters().bits(),
                        input.parameters().acceptUnverified(),
                        index -> inputs.row(input.id(), index))));
    }

    /// @return whether it was answered now
    private boolean answer(DeliveryKey key, Function<OpenRequest, Decision> decide) {
        var request = store.find(key);
        if (request.isEmpty()) {
            return false;
        }
        boolean isAnswered = answering.answer(key, request.get().created(), () -> switch (decide.apply(request.get())) {
            case Decision.Wait wait -> Optional.empty();
            case Decision.Refuse refuse -> Optional.of(making.refuse(request.get()));
            case Decision.Give(var given) -> Optional.of(making.give(request.get(), given));
        });
        if (isAnswered) {
            LOG.info("Request {} answered", key);
            retention.removeAnswered(key);
        }
        return isAnswered;
    }

    /// @return why a request has no answer yet, for people
    String why(OpenRequest request) {
        return answering
                .hindrance(request.created())
                .or(() ->
                        byWaitingInput(request) instanceof Decision.Wait(var why) ? Optional.of(why) : Optional.empty())
                .orElse("The request is about to be answered.");
    }

    /// Refuses a request, on behalf of a user.
    ///
    /// @return why this failed; empty on success
    Optional<String> refuse(DeliveryKey key) {
        return settle(key, request -> new Decision.Refuse());
    }

    /// Answers a request with values from a user.
    ///
    /// @return why this failed; empty on success
    Optional<String> give(OpenRequest request, Set<String> acceptUnverified, GivenInput.Rows rows) {
        var objection = objection(request, acceptUnverified);
        if (objection.isPresent()) {
            return objection;
        }
        var given = new GivenInput(Optional.empty(), request.facts().bits(), acceptUnverified, rows);
        return settle(request.key(), found -> found.isHere() ? new Decision.Give(given) : new Decision.Wait(""));
    }

    private Optional<String> objection(OpenRequest request, Set<String> acceptUnverified) {
        if (!request.isHere()) {
            return Optional.of("Its envelopes were deleted.");
        }
        return request.verdict() == Verdict.REJECTED
                ? Optional.of("The request's check failed, so it gets no values.")
                : Consent.objection(request, acceptUnverified)
                        .or(() -> partySets.objection(request.facts().partySet(), acceptUnverified));
    }

    private Optional<String> settle(DeliveryKey key, Function<OpenRequest, Decision> decide) {
        if (answer(key, decide)) {
            return Optional.empty();
        }
        return Optional.of(store.find(key)
                .flatMap(request -> answering.hindrance(request.created()))
                .orElse(
                        answers.isAnswered(key)
                                ? ANSWERED
                                : "Another replica gives the answers; send this request to it."));
    }
}
