// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.shareferry.cbor.CborWriter;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.json.PlainText;
import org.shareferry.member.MemberName;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.site.settings.PartyProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Sends requests to the relay over mutual TLS.
@Component
final class HttpRelayClient implements RelayClient {
    private static final int MAX_DETAIL = 500;

    private final Neighbours neighbours;
    private final MemberName name;
    private final AnswerBodies bodies;

    HttpRelayClient(Neighbours neighbours, PartyProperties properties, AnswerBodies bodies) {
        this.neighbours = neighbours;
        this.name = properties.relay();
        this.bodies = bodies;
    }

    @Override
    public List<Answer> submit(List<Bytes> envelopes) {
        if (envelopes.size() == 1) {
            return List.of(neighbours.post(name, "/v1/envelopes", envelopes.getFirst()));
        }
        return neighbours
                .postBatch(
                        name,
                        "/v1/envelopes",
                        envelopes.stream().map(BatchItem::of).toList())
                .items();
    }

    private record WirePage(
            @Nullable String feed, long complete, @Nullable List<JsonNode> entries) {}

    private record WireNumber(long number) {}

    private record WireEntry(
            long number,
            @Nullable DeliveryId delivery,
            @Nullable String parties,
            @Nullable String state,
            @Nullable SignedReceipt receipt,
            @Nullable WireProblem problem) {}

    private record WireProblem(
            @Nullable String type, @Nullable String detail) {}

    private record WireLacking(@Nullable Set<EnvelopeId> lacking) {}

    @Override
    public FeedPoll pollFeed(Position from, Duration wait, int limit) {
        var feed = from.feed().isEmpty() ? "" : "&feed=" + from.feed();
        var path = "/v1/receipts?after=" + from.number() + feed + "&wait=" + wait.toSeconds() + "&limit=" + limit;
        return switch (neighbours.get(name, path, wait)) {
            case Accepted accepted ->
                bodies.read(accepted.body(), WirePage.class)
                        .map(page -> page(page, from))
                        .orElseGet(HttpRelayClient::malformedResponse);
            case Refused refused
            when refused.problem().equals(ProblemType.FEED_UNKNOWN.uri()) -> new FeedPoll.OtherFeed();
            case Refused refused ->
                new FeedPoll.NotNow("it refused the request: " + refused.detail(), Optional.empty());
            case Unavailable unavailable -> new FeedPoll.NotNow(unavailable.reason(), unavailable.retryAfter());
        };
    }

    private static FeedPoll malformedResponse() {
        return new FeedPoll.NotNow("its response is malformed", Optional.empty());
    }

    private FeedPoll page(WirePage page, Position from) {
        var feed = page.feed();
        if (feed == null || !feed.matches("[A-Za-z0-9_-]{1,64}")) {
            return malformedResponse();
        }
        if (!from.feed().isEmpty() && !from.feed().equals(feed)) {
            return new FeedPoll.OtherFeed();
        }
        var entries = page.entries() == null ? List.<JsonNode>of() : page.entries();
        long last = entries.stream()
                .flatMap(entry -> bodies.read(entry, WireNumber.class).stream())
                .mapToLong(WireNumber::number)
                .reduce(Math.max(from.number(), page.complete()), Math::max);
        return new FeedPoll.Page(
                feed, entries.stream().flatMap(entry -> entry(entry).stream()).toList(), last);
    }

    /// @return empty for a malformed entry; the others are still used
    private Optional<FeedEntry> entry(JsonNode entry) {
        try {
            return bodies.read(entry, WireEntry.class).flatMap(HttpRelayClient::entry);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<FeedEntry> entry(WireEntry wire) {
        var delivery = wire.delivery();
        var parties = wire.parties();
        var state = wire.state();
        if (delivery == null || parties == null || state == null) {
            return Optional.empty();
        }
        var receipt = Optional.ofNullable(wire.receipt());
        var problem = refusal(wire.problem() == null ? new WireProblem(null, null) : wire.problem());
        return Optional.of(new FeedEntry(wire.number(), delivery, PartySet.parse(parties), state, receipt, problem));
    }

    private static Refusal refusal(WireProblem problem) {
        return new Refusal(
                problem.type() == null ? "about:blank" : clean(problem.type()),
                problem.detail() == null ? "The relay gave no reason." : clean(problem.detail()));
    }

    private static String clean(String text) {
        var harmless = PlainText.of(text);
        return harmless.substring(0, Math.min(MAX_DETAIL, harmless.length()));
    }

    @Override
    public Optional<Set<EnvelopeId>> lacking(List<EnvelopeId> envelopes) {
        var question = CborWriter.encode(out -> {
            out.map(1).key("envelopes").array(envelopes.size());
            envelopes.forEach(id -> out.text(id.toString()));
            out.endArray().endMap();
        });
        return neighbours.post(name, "/v1/envelopes/lacking", question) instanceof Accepted accepted
                ? bodies.read(accepted.body(), WireLacking.class).flatMap(wire -> Optional.ofNullable(wire.lacking()))
                : Optional.empty();
    }
}
