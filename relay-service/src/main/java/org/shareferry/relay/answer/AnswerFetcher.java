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

/// Fetches answers of a client that can be dialled. The client names each answer when it makes it. When the relay
/// begins, and now and then, it also asks for the answers to all requests that have none here: an answer may have been
/// named before the relay, restored from a backup, got its request again, or before the roster pinned the client's key.
@Component
class AnswerFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerFetcher.class);
    private static final Duration WAIT = Duration.ofSeconds(20);

    /// Parties wait for an answer for an hour by default. Each look reads the headers of all open requests.
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    /// Bytes a second that a line has at least.
    private static final long RATE = 32 << 10;

    private final Answers answers;
    private final StoredAnswers store;
    private final Neighbours neighbours;
    private final AnswerBodies bodies;
    private final Clock clock;
    private final Map<MemberName, Instant> nextLook = new ConcurrentHashMap<>();

    AnswerFetcher(Answers answers, StoredAnswers store, Neighbours neighbours, AnswerBodies bodies, Clock clock) {
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

    /// Waits for what the client names next, and fetches it.
    ///
    /// @return whether the client did as asked
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
            LOG.warn("{} names its answers in a form that is not understood.", client);
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

    /// One that cannot be fetched now keeps no other back.
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

    /// @return false when it is to be tried again
    private boolean fetch(MemberName client, DeliveryKey key) {
        var query = "?delivery=" + key.id() + "&parties=" + key.parties();
        return switch (neighbours.get(client, "/v1/answers" + query)) {
            case Accepted(int status, Bytes body) when status == 204 -> true;
            case Accepted(int status, Bytes body) -> {
                var signed = bodies.read(body, SignedInputStatement.class);
                if (signed.isEmpty()) {
                    LOG.warn("{} answers the request {} in a form that is not understood.", client, key);
                }
                yield signed.isEmpty() || take(client, key, signed.get(), query);
            }
            case Refused refused -> true;
            case Unavailable unavailable -> false;
        };
    }

    private boolean take(MemberName client, DeliveryKey key, SignedInputStatement signed, String query) {
        if (answers.take(client, key, signed) instanceof Taking.Begun(var begun)) {
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

    /// @return false when it is to be tried again
    private static boolean settled(MemberName client, DeliveryKey key, Taking taking) {
        switch (taking) {
            case Taking.Invalid(var why) -> LOG.warn("{} answers the request {} wrongly: {}", client, key, why);
            case Taking.QuotaUsedUp full ->
                LOG.warn("The answer of {} to the request {} finds no room: shareferry.relay.quota.", client, key);
            case Taking.Stored stored -> LOG.info("The answer of {} to the request {} is here.", client, key);
            case Taking.StoredBefore before -> LOG.debug("The answer of {} to {} was here.", client, key);
            case Taking.Differs differs -> LOG.error("{} answers the request {} differently now.", client, key);
            case Taking.Unknown unknown -> LOG.debug("There is no request {} any more.", key);
            case Taking.Begun begun -> throw new IllegalStateException("An answer was begun and not ended.");
        }
        return !(taking instanceof Taking.QuotaUsedUp);
    }

    /// Passes on what comes.
    private static final class Sink {
        private final Intake intake;
        private Optional<Taking> refused = Optional.empty();

        Sink(Intake intake) {
            this.intake = intake;
        }

        void take(ByteBuffer part) throws IOException {
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            refused = intake.add(Bytes.of(bytes));
            if (refused.isPresent()) {
                throw new IOException("The answer is not taken.");
            }
        }
    }
}
