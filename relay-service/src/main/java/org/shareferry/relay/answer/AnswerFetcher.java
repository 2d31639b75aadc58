// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Fetches answers from a client to which the relay connects. The client lists each new answer. At its start and at
/// intervals the relay also asks for the answers to all requests without one: an answer may have been listed before
/// the relay received the request again after a restore, or before the roster pinned the client's key.
@Component
class AnswerFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerFetcher.class);
    private static final Duration WAIT = Duration.ofSeconds(20);

    /// Parties wait an hour for an answer by default. Each pass reads the headers of all open requests.
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    /// The assumed minimum rate of a connection, in bytes a second.
    private static final long RATE = 32 << 10;

    private final AnswerAcceptance answers;
    private final StoredAnswers store;
    private final Neighbours neighbours;
    private final AnswerBodies bodies;
    private final Clock clock;
    private final Map<MemberName, Instant> nextLook = new ConcurrentHashMap<>();

    AnswerFetcher(
            AnswerAcceptance answers, StoredAnswers store, Neighbours neighbours, AnswerBodies bodies, Clock clock) {
        this.answers = answers;
        this.store = store;
        this.neighbours = neighbours;
        this.bodies = bodies;
        this.clock = clock;
    }

    private record WirePage(long complete, @Nullable List<WireAnswer> answers) {}

    private record WireAnswer(
            @Nullable DeliveryId delivery, @Nullable List<MemberName> parties) {
        Optional<DeliveryKey> key() {
            try {
                return delivery == null || parties == null
                        ? Optional.empty()
                        : Optional.of(new DeliveryKey(delivery, new PartySet(parties)));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    /// Long-polls the client's list of new answers, and fetches them.
    ///
    /// @return whether the client answered as expected
    boolean fetch(MemberName client) {
        if (!fetchUnanswered(client)) {
            return false;
        }
        long after = store.read(client);
        var path = "/v1/answers/next?after=" + after + "&wait=" + WAIT.toSeconds() + "s";
        if (!(neighbours.get(client, path, WAIT) instanceof Accepted accepted)) {
            return false;
        }
        var page = bodies.read(accepted.body(), WirePage.class);
        if (page.isEmpty()) {
            LOG.warn("The list of answers from {} is malformed.", client);
            return false;
        }
        var named = page.get().answers() == null
                ? List.<WireAnswer>of()
                : page.get().answers();
        boolean all = fetchAll(
                client,
                named.stream()
                        .flatMap(answer -> answer.key().stream())
                        .filter(key -> store.find(key).isEmpty())
                        .toList());
        if (all && page.get().complete() != after) {
            store.read(client, page.get().complete());
        }
        return all;
    }

    /// A failure to fetch one answer does not affect the others.
    private boolean fetchAll(MemberName client, List<DeliveryKey> keys) {
        boolean all = true;
        for (var key : keys) {
            all &= fetch(client, key);
        }
        return all;
    }

    private boolean fetchUnanswered(MemberName client) {
        var now = clock.instant();
        if (now.isBefore(nextLook.getOrDefault(client, Instant.MIN))) {
            return true;
        }
        nextLook.put(client, now.plus(AFTER_FAILURE));
        boolean all = fetchAll(client, store.unanswered(client));
        if (all) {
            nextLook.put(client, now.plus(BETWEEN_LOOKS));
        }
        return all;
    }

    /// @return false if it must be tried again
    private boolean fetch(MemberName client, DeliveryKey key) {
        var query = "?delivery=" + key.id() + "&parties=" + key.parties();
        return switch (neighbours.get(client, "/v1/answers" + query)) {
            case Accepted(int status, Bytes body) when status == 204 -> true;
            case Accepted(int status, Bytes body) -> {
                var signed = bodies.read(body, SignedInputStatement.class);
                if (signed.isEmpty()) {
                    LOG.warn("The answer of {} to the request {} is malformed.", client, key);
                }
                yield signed.isEmpty() || take(client, key, signed.get(), query);
            }
            case Refused refused -> true;
            case Unavailable unavailable -> false;
        };
    }

    private boolean take(MemberName client, DeliveryKey key, SignedInputStatement signed, String query) {
        if (answers.take(client, key, signed) instanceof AnswerOutcome.Begun(var begun)) {
            try (var intake = begun) {
                var sink = new Sink(intake);
                if (intake.expected() > 0 && !(download(client, query, sink) instanceof Accepted)) {
                    return sink.refused.map(why -> settled(client, key, why)).orElse(false);
                }
                return settled(client, key, intake.complete());
            }
        }
        return true;
    }

    private Answer download(MemberName client, String query, Sink sink) {
        var patience = Duration.ofSeconds(sink.intake.expected() / RATE);
        return neighbours.download(client, "/v1/answers/values" + query, patience, sink::take);
    }

    /// @return false if it must be tried again
    private static boolean settled(MemberName client, DeliveryKey key, AnswerOutcome taking) {
        switch (taking) {
            case AnswerOutcome.Invalid(var why) ->
                LOG.warn("Invalid answer of {} to the request {}: {}", client, key, why);
            case AnswerOutcome.QuotaUsedUp full ->
                LOG.warn("The answer of {} to the request {} exceeds shareferry.relay.quota.", client, key);
            case AnswerOutcome.Stored stored -> LOG.info("The answer of {} to the request {} is stored.", client, key);
            case AnswerOutcome.StoredBefore before ->
                LOG.debug("The answer of {} to {} was already stored.", client, key);
            case AnswerOutcome.Differs differs ->
                LOG.error("{} gave a second, different answer to the request {}.", client, key);
            case AnswerOutcome.Unknown unknown -> LOG.debug("The request {} no longer exists.", key);
            case AnswerOutcome.Begun begun -> throw new IllegalStateException("An answer was begun but not finished.");
        }
        return !(taking instanceof AnswerOutcome.QuotaUsedUp);
    }

    /// Passes the downloaded bytes on.
    private static final class Sink {
        private final AnswerUpload intake;
        private Optional<AnswerOutcome> refused = Optional.empty();

        Sink(AnswerUpload intake) {
            this.intake = intake;
        }

        void take(ByteBuffer part) throws IOException {
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            refused = intake.add(Bytes.of(bytes));
            if (refused.isPresent()) {
                throw new IOException("The answer is refused.");
            }
        }
    }
}
