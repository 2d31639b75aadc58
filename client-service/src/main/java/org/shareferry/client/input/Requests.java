// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.shareferry.check.Verdict;
import org.shareferry.client.CommitLoop;
import org.shareferry.client.PartySets;
import org.shareferry.client.retention.RetentionStore;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Answers requests in order by the client's rules, with waiting inputs or with values from its users.
@Component
class Requests extends CommitLoop {
    /// Why an answered request gets no other answer, for people.
    static final String ANSWERED = "The request already has an answer, which is never changed, or was refused.";

    private static final Unanswered DELETED =
            new Unanswered(UnansweredReason.ENVELOPES_DELETED, "Its envelopes were deleted.");
    private static final Unanswered NO_INPUT =
            new Unanswered(UnansweredReason.NO_INPUT, "No input is waiting for this label and these parties.");
    private static final Unanswered REJECTED =
            new Unanswered(UnansweredReason.REJECTED, "The request's check failed, so it gets no values.");
    private static final Unanswered PENDING =
            new Unanswered(UnansweredReason.ANSWER_PENDING, "The request is about to be answered.");

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 100;

    private final RequestStore store;
    private final AnswerStore answers;
    private final InputStore inputs;
    private final AnswerCommitter committer;
    private final AnswerSigner signer;
    private final RetentionStore retention;
    private final PartySets partySets;
    private final Clock clock;
    private final Duration kept;
    private final Map<DeliveryKey, Instant> failed = new ConcurrentHashMap<>();

    Requests(
            RequestStore store,
            AnswerStore answers,
            InputStore inputs,
            AnswerCommitter committer,
            AnswerSigner signer,
            RetentionStore retention,
            PartySets partySets,
            CommitSignal commits,
            Clock clock,
            ServiceProperties service) {
        super("requests", commits);
        this.store = store;
        this.answers = answers;
        this.inputs = inputs;
        this.committer = committer;
        this.signer = signer;
        this.retention = retention;
        this.partySets = partySets;
        this.clock = clock;
        this.kept = service.deliveryLifetime().plus(service.clockTolerance());
    }

    @Override
    public void start() {
        committer.beat();
        super.start();
    }

    @Override
    protected Duration work() {
        try {
            if (committer.isOurs()) {
                answerAll();
            }
        } catch (RuntimeException e) {
            LOG.warn("Requests could not be read; retrying every second", e);
        }
        return BETWEEN_LOOKS;
    }

    /// Answers all requests that can be answered now.
    void answerAll() {
        store.forget(clock.instant().minus(kept));
        var now = clock.instant();
        failed.values().removeIf(until -> until.isBefore(now));
        var tooOld = committer.tooOld();
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
        /// @param why the reason to wait
        record Wait(Unanswered why) implements Decision {}

        /// The client refuses to give inputs.
        record Refuse() implements Decision {}

        /// @param given x
        record Give(AnswerValues given) implements Decision {}
    }

    private Decision byWaitingInput(OpenRequest request) {
        if (!request.isHere()) {
            return new Decision.Wait(DELETED);
        }
        if (request.verdict() == Verdict.REJECTED) {
            return new Decision.Refuse();
        }
        var unanswerable = unanswerable(request);
        if (unanswerable.isPresent()) {
            return new Decision.Wait(unanswerable.get());
        }
        var waiting = inputs.waiting(request.facts().label(), request.facts().partySet());
        if (waiting.isEmpty()) {
            return new Decision.Wait(NO_INPUT);
        }
        var input = waiting.get();
        return AnswerPolicy.objection(request, input)
                .or(() -> notAllowed(request, input.parameters().acceptUnverified()))
                .<Decision>map(Decision.Wait::new)
                .orElseGet(() -> new Decision.Give(new AnswerValues(
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
        boolean isAnswered = committer.answer(key, request.get().created(), () -> switch (decide.apply(request.get())) {
            case Decision.Wait wait -> Optional.empty();
            case Decision.Refuse refuse -> Optional.of(signer.refuse(request.get()));
            case Decision.Give(var given) -> Optional.of(signer.give(request.get(), given));
        });
        if (isAnswered) {
            LOG.info("Request {} answered", key);
            retention.removeAnswered(key);
        }
        return isAnswered;
    }

    /// Such a request gets no values, whatever its user gives and accepts.
    private Optional<Unanswered> unanswerable(OpenRequest request) {
        var facts = request.facts();
        var needed = request.verdict() == Verdict.VERIFIED ? Set.<String>of() : Set.of(facts.protocol());
        return AnswerPolicy.objectionToAny(facts).or(() -> notAllowed(request, needed));
    }

    /// @param label that users gave an input for
    /// @param parties the input's
    /// @return their requests with this label that users can answer with values, the oldest first
    List<ShownRequest> acceptingValues(long label, PartySet parties) {
        return store.open(label, parties, committer.tooOld(), AT_ONCE).stream()
                .map(this::shown)
                .filter(request -> request.reason().acceptsValues())
                .toList();
    }

    ShownRequest shown(OpenRequest request) {
        return ShownRequest.of(request, why(request));
    }

    private Unanswered why(OpenRequest request) {
        return committer
                .hindrance(request.created())
                .or(() ->
                        byWaitingInput(request) instanceof Decision.Wait(var why) ? Optional.of(why) : Optional.empty())
                .orElse(PENDING);
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
    Optional<String> give(OpenRequest request, Set<String> acceptUnverified, AnswerValues.Rows rows) {
        var objection = objection(request, acceptUnverified);
        if (objection.isPresent()) {
            return objection.map(Unanswered::detail);
        }
        var given = new AnswerValues(Optional.empty(), request.facts().bits(), acceptUnverified, rows);
        return settle(request.key(), found -> found.isHere() ? new Decision.Give(given) : new Decision.Wait(DELETED));
    }

    private Optional<Unanswered> objection(OpenRequest request, Set<String> acceptUnverified) {
        if (!request.isHere()) {
            return Optional.of(DELETED);
        }
        return request.verdict() == Verdict.REJECTED
                ? Optional.of(REJECTED)
                : AnswerPolicy.objection(request, acceptUnverified).or(() -> notAllowed(request, acceptUnverified));
    }

    private Optional<Unanswered> notAllowed(OpenRequest request, Set<String> acceptUnverified) {
        return partySets
                .objection(request.facts().partySet(), acceptUnverified)
                .map(detail -> new Unanswered(UnansweredReason.NOT_ALLOWED, detail));
    }

    private Optional<String> settle(DeliveryKey key, Function<OpenRequest, Decision> decide) {
        if (answer(key, decide)) {
            return Optional.empty();
        }
        return Optional.of(store.find(key)
                .flatMap(request -> committer.hindrance(request.created()))
                .map(Unanswered::detail)
                .orElse(
                        answers.isAnswered(key)
                                ? ANSWERED
                                : "Another replica gives the answers; send this request to it."));
    }
}
