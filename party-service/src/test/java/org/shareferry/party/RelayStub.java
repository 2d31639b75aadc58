// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Envelope;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.problem.ContentDigest;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// The relay as a party sees it, over real mutual TLS: it keeps what is submitted and answers as a test
/// tells it to.
public final class RelayStub implements AutoCloseable {
    private static final CBORMapper CBOR = CBORMapper.builder().build();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TestMembers members;
    private final int port;
    private final List<Bytes> submissions = new CopyOnWriteArrayList<>();
    private final Map<DeliveryId, String> states = new ConcurrentHashMap<>();
    private final Map<DeliveryId, List<Map<String, Object>>> receipts = new ConcurrentHashMap<>();
    private final Map<DeliveryId, Reply> unknown = new ConcurrentHashMap<>();
    private final Map<DeliveryId, String> refusalTypes = new ConcurrentHashMap<>();
    private final Map<DeliveryId, String> waitingFor = new ConcurrentHashMap<>();
    private volatile Function<Envelope, Reply> onSubmit = envelope -> Reply.ok();
    private volatile Optional<SignedKeyAnnouncement> announcement;
    private volatile Optional<HttpsServer> server = Optional.empty();

    /// An answer to a submission.
    public record Reply(int status, Map<String, String> headers, Map<String, Object> body) {
        public static Reply ok() {
            return new Reply(202, Map.of(), Map.of());
        }

        /// @return the same problem, naming the body that it judged
        Reply judging(Bytes judged) {
            var named = new HashMap<>(body);
            named.putIfAbsent("judged", ContentDigest.of(List.of(judged)).toString());
            return new Reply(status, headers, named);
        }

        public static Reply problem(int status, String type, String detail) {
            return new Reply(status, Map.of(), Map.of("type", type, "detail", detail));
        }
    }

    public RelayStub(TestMembers members, int port) {
        this.members = members;
        this.port = port;
        this.announcement = Optional.of(members.announcement(TestMembers.C0, Instant.now(), Duration.ofDays(60)));
    }

    public void start() throws Exception {
        var made = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        var tls = members.tls(Optional.of("R0"));
        made.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                var wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        made.createContext("/v1/envelopes", this::submit);
        made.createContext("/v1/deliveries/", this::delivery);
        made.createContext("/v1/members/C0/keys", this::keys);
        made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        made.start();
        server = Optional.of(made);
    }

    public void stop() {
        server.ifPresent(running -> running.stop(0));
        server = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }

    public void onSubmit(Function<Envelope, Reply> behaviour) {
        onSubmit = behaviour;
    }

    /// Is up, takes everything, and has this announcement of C0.
    public void behave(SignedKeyAnnouncement signed) throws Exception {
        if (server.isEmpty()) {
            start();
        }
        onSubmit(envelope -> Reply.ok());
        announce(Optional.of(signed));
    }

    public void announce(Optional<SignedKeyAnnouncement> wanted) {
        announcement = wanted;
    }

    /// @return everything ever submitted for the delivery, repetitions included
    public List<Bytes> submissions(DeliveryId id) {
        return submissions.stream()
                .filter(bytes -> decode(bytes).header().facts().id().equals(id))
                .toList();
    }

    public Map<Place, Envelope> envelopes(DeliveryId id) {
        return submissions(id).stream()
                .map(RelayStub::decode)
                .collect(Collectors.toMap(e -> e.header().place(), Function.identity(), (one, other) -> one));
    }

    /// Says that the bundle is refused or held for a reason.
    public void refusal(DeliveryId id, String state, String type) {
        refusalTypes.put(id, "urn:shareferry:problem:" + type);
        state(id, state);
    }

    public void state(DeliveryId id, String state) {
        states.put(id, state);
    }

    /// Loses a delivery, as when an older backup is restored, until something is submitted for it.
    public void lose(DeliveryId id) {
        answerAbout(id, Reply.problem(404, "urn:shareferry:problem:not-found", "The relay has no such delivery."));
        receipts.remove(id);
    }

    /// Answers so when asked about a delivery, until something is submitted for it.
    public void answerAbout(DeliveryId id, Reply reply) {
        unknown.put(id, reply);
    }

    /// Lacks some of a member's envelopes, until something is submitted for the delivery.
    public void lack(DeliveryId id, MemberName sender) {
        waitingFor.put(id, sender.toString());
    }

    /// Passes a receipt on.
    public void receipt(DeliveryId id, Place place, SignedReceipt receipt) {
        receipts.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>())
                .add(Map.of(
                        "kind", place.kind().text(),
                        "index", place.index(),
                        "from-a-newer-version", true,
                        "receipt", receipt.receipt().toArray(),
                        "signature", receipt.signature().toArray()));
    }

    /// @return a receipt of C0 for what P1 submitted for this place, signed by whom the test wants
    public SignedReceipt signed(Envelope envelope, MemberName signer) {
        var key = members.identity(signer);
        var header = envelope.header();
        return SignedReceipt.sign(
                new Receipt(
                        header.facts().id(),
                        header.place(),
                        TestMembers.C0,
                        key.publicKey().id(),
                        Instant.now(),
                        Map.of(TestMembers.P1, envelope.id())),
                key);
    }

    private static Envelope decode(Bytes bytes) {
        try {
            return Envelope.decode(bytes);
        } catch (MalformedException e) {
            throw new AssertionError("What was submitted is not an envelope: " + e.reason(), e);
        }
    }

    private void submit(HttpExchange exchange) throws IOException {
        var bytes = Bytes.of(exchange.getRequestBody().readAllBytes());
        submissions.add(bytes);
        unknown.remove(decode(bytes).header().facts().id());
        waitingFor.remove(decode(bytes).header().facts().id());
        var reply = onSubmit.apply(decode(bytes)).judging(bytes);
        reply.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
        answer(exchange, reply.status(), JSON.writeValueAsBytes(reply.body()));
    }

    private void delivery(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath().substring("/v1/deliveries/".length());
        var id = DeliveryId.parse(path.split("/")[0]);
        // Another set of parties may have a delivery with the same id, so a party names its own.
        assertThat(exchange.getRequestURI().getQuery()).startsWith("parties=P");
        var known = receipts.getOrDefault(id, List.of());
        var denial = unknown.get(id);
        if (denial != null) {
            exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
            answer(exchange, denial.status(), JSON.writeValueAsBytes(denial.body()));
            return;
        }
        if (path.endsWith("/receipts")) {
            var after = Integer.parseInt(exchange.getRequestURI().getQuery().replaceAll(".*after=([0-9]+).*", "$1"));
            var page = after >= known.size() ? List.of() : known.subList(after, known.size());
            answer(exchange, 200, CBOR.writeValueAsBytes(Map.of("receipts", page)));
        } else {
            var state = states.getOrDefault(id, "collecting");
            var refusals = Set.of("refused", "held").contains(state)
                    ? List.of(Map.of(
                            "kind",
                            "values",
                            "index",
                            0,
                            "type",
                            refusalTypes.getOrDefault(id, "urn:shareferry:problem:facts-differ"),
                            "detail",
                            "P0 and P1 differ in count.",
                            "members",
                            List.of("P0", "P1")))
                    : List.of();
            answer(
                    exchange,
                    200,
                    CBOR.writeValueAsBytes(Map.of(
                            "id",
                            id.toString(),
                            "state",
                            state,
                            "places",
                            Map.of("expected", 1, "delivered", known.size()),
                            "waitingFor",
                            Optional.ofNullable(waitingFor.get(id)).stream().toList(),
                            "refusals",
                            refusals)));
        }
    }

    private void keys(HttpExchange exchange) throws IOException {
        if (announcement.isEmpty()) {
            answer(exchange, 404, JSON.writeValueAsBytes(Map.of("type", "urn:shareferry:problem:keys-unknown")));
            return;
        }
        var signed = announcement.get();
        answer(
                exchange,
                200,
                CBOR.writeValueAsBytes(Map.of(
                        "from-a-newer-version",
                        true,
                        "announcement",
                        signed.announcement().toArray(),
                        "signature",
                        signed.signature().toArray())));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
