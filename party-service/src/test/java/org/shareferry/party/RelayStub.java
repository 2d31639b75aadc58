// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.problem.ContentDigest;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// A simulated relay with real mutual TLS. It keeps all submissions and answers as the test requires.
public final class RelayStub implements AutoCloseable {
    private static final CBORMapper CBOR = CBORMapper.builder().build();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TestMembers members;
    private final int port;
    private final List<Bytes> submissions = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger newsRequests = new AtomicInteger();
    private final List<Map<String, Object>> news = new ArrayList<>();
    private final Set<String> lacking = ConcurrentHashMap.newKeySet();
    private static final Duration LONG_POLL = Duration.ofMillis(200);

    private final Map<String, GivenAnswer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger answerRequests = new AtomicInteger();
    private final AtomicLong feed = new AtomicLong(1);
    private volatile Function<Envelope, Reply> onSubmit = envelope -> Reply.ok();
    private volatile Consumer<List<Map<String, Object>>> onBatch = outcomes -> {};
    private volatile Optional<SignedKeyAnnouncement> announcement;
    private volatile Optional<HttpsServer> server = Optional.empty();

    /// An answer to a submission.
    public record Reply(int status, Map<String, String> headers, Map<String, Object> body) {
        public static Reply ok() {
            return new Reply(202, Map.of(), Map.of());
        }

        /// @return the same problem with the digest of the request's body
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
        var tls = members.tls("R0");
        made.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                var wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        made.createContext("/v1/envelopes", this::submit);
        made.createContext("/v1/envelopes/lacking", this::lacking);
        made.createContext("/v1/receipts", this::news);
        made.createContext("/v1/members/C0/keys", this::keys);
        made.createContext("/v1/answers", this::answers);
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

    /// @param change of the outcomes of a batch
    public void onBatch(Consumer<List<Map<String, Object>>> change) {
        onBatch = change;
    }

    /// Resets the relay: it is up, accepts everything, and has this announcement of C0.
    public void behave(SignedKeyAnnouncement signed) throws Exception {
        if (server.isEmpty()) {
            start();
        }
        onSubmit(envelope -> Reply.ok());
        onBatch(outcomes -> {});
        announce(Optional.of(signed));
    }

    public void announce(Optional<SignedKeyAnnouncement> wanted) {
        announcement = wanted;
    }

    /// @return all submissions for the delivery, including repetitions
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

    /// @return the number of requests with envelopes
    public int requests() {
        return requests.get();
    }

    /// @return the number of requests for the feed
    public int newsRequests() {
        return newsRequests.get();
    }

    /// Adds an entry to the feed: a delivery is refused or held.
    public void refusal(DeliveryId id, String state, String type) {
        tell(Map.of(
                "delivery",
                id.toString(),
                "parties",
                "P0,P1",
                "state",
                state,
                "problem",
                Map.of("type", "/problem-types#" + type, "detail", "P0 and P1 differ in count.")));
    }

    public void state(DeliveryId id, String state) {
        tell(Map.of("delivery", id.toString(), "parties", "P0,P1", "state", state));
    }

    /// Adds a receipt to the feed.
    public void receipt(DeliveryId id, SignedReceipt receipt) {
        tell(Map.of(
                "delivery",
                id.toString(),
                "parties",
                "P0,P1",
                "state",
                "receipt",
                "from-a-newer-version",
                true,
                "receipt",
                Map.of(
                        "receipt", receipt.receipt().toArray(),
                        "signature", receipt.signature().toArray())));
    }

    /// Adds this entry to the feed unchanged.
    public void tell(Map<String, Object> what) {
        synchronized (news) {
            var entry = new HashMap<>(what);
            entry.putIfAbsent("number", news.size() + 1L);
            news.add(entry);
            news.notifyAll();
        }
    }

    /// Restores an older backup: the envelopes of these deliveries are missing, and the feed is new and shorter. All
    /// connections break.
    public void restore(DeliveryId... lost) throws Exception {
        for (var id : lost) {
            envelopes(id).values().forEach(envelope -> lacking.add(envelope.id().toString()));
        }
        stop();
        synchronized (news) {
            news.clear();
        }
        start();
    }

    /// Starts another feed.
    public void newFeed() {
        synchronized (news) {
            feed.incrementAndGet();
            news.clear();
            news.notifyAll();
        }
    }

    /// @return a receipt of C0 for P1's envelopes at these places, signed with the given key
    public SignedReceipt signed(MemberName signer, Envelope... envelopes) {
        var key = members.identity(signer);
        var places = new TreeMap<Place, Map<MemberName, EnvelopeId>>();
        for (var envelope : envelopes) {
            places.put(
                    envelope.header().place(),
                    Map.of(TestMembers.P0, new EnvelopeId(Bytes.of(new byte[32])), TestMembers.P1, envelope.id()));
        }
        return SignedReceipt.sign(
                new Receipt(
                        envelopes[0].header().facts().id(),
                        TestMembers.C0,
                        key.publicKey().id(),
                        Instant.now(),
                        places),
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
        requests.incrementAndGet();
        if (CborSequence.MEDIA_TYPE.equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            batch(exchange);
            return;
        }
        var bytes = Bytes.of(exchange.getRequestBody().readAllBytes());
        var reply = judge(bytes);
        reply.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
        answer(exchange, reply.status(), JSON.writeValueAsBytes(reply.body()));
    }

    private Reply judge(Bytes bytes) {
        submissions.add(bytes);
        lacking.remove(decode(bytes).id().toString());
        return onSubmit.apply(decode(bytes)).judging(bytes);
    }

    private void batch(HttpExchange exchange) throws IOException {
        var sequence = new CborSequence(exchange.getRequestBody(), 20 << 20);
        var outcomes = new ArrayList<Map<String, Object>>();
        for (var items = sequence.next(1, 1); !items.isEmpty(); items = sequence.next(1, 1)) {
            var reply = judge(((CborSequence.Whole) items.getFirst()).content());
            outcomes.add(Map.of("status", reply.status(), "problem", reply.body()));
        }
        exchange.getResponseHeaders().add("Content-Type", "application/cbor");
        onBatch.accept(outcomes);
        answer(exchange, 200, CBOR.writeValueAsBytes(Map.of("outcomes", outcomes)));
    }

    private void lacking(HttpExchange exchange) throws IOException {
        var asked = CBOR.readTree(exchange.getRequestBody().readAllBytes()).path("envelopes");
        var lacked = new ArrayList<String>();
        asked.forEach(id -> lacked.add(id.asString()));
        lacked.retainAll(lacking);
        answer(exchange, 200, CBOR.writeValueAsBytes(Map.of("lacking", lacked)));
    }

    private void news(HttpExchange exchange) throws IOException {
        newsRequests.incrementAndGet();
        var query = new HashMap<String, String>();
        for (var part : exchange.getRequestURI().getQuery().split("&")) {
            query.put(part.split("=")[0], part.split("=")[1]);
        }
        long after = Long.parseLong(query.get("after"));
        long until = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(query.get("wait"))).toNanos();
        synchronized (news) {
            if (after > news.size() || !query.getOrDefault("feed", name()).equals(name())) {
                var problem = Reply.problem(409, "/problem-types#feed-unknown", "Another feed.");
                exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
                answer(exchange, 409, JSON.writeValueAsBytes(problem.body()));
                return;
            }
            long left = until - System.nanoTime();
            while (news.size() == after && left > 0 && server.isPresent()) {
                waitForNews(left);
                left = until - System.nanoTime();
            }
            var page = news.subList((int) Math.min(after, news.size()), news.size());
            answer(
                    exchange,
                    200,
                    CBOR.writeValueAsBytes(Map.of("feed", name(), "complete", news.size(), "entries", page)));
        }
    }

    private String name() {
        return "feed-" + feed.get();
    }

    private void waitForNews(long nanos) {
        try {
            news.wait(Math.max(1, Math.min(100, nanos / 1_000_000)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stores an answer to a request.
    ///
    /// @param masked m; none for a refusal
    public void answer(DeliveryId id, SignedInputStatement signed, Bytes masked) {
        answers.put(id.toString(), new GivenAnswer(signed, masked));
        synchronized (answers) {
            answers.notifyAll();
        }
    }

    private record GivenAnswer(SignedInputStatement signed, Bytes masked) {}

    /// @return the number of requests for answers
    public int answerRequests() {
        return answerRequests.get();
    }

    /// Holds a party's request for a missing answer for a moment.
    private void awaitAnswer(String id) {
        synchronized (answers) {
            try {
                if (!answers.containsKey(id)) {
                    answers.wait(LONG_POLL.toMillis());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void answers(HttpExchange exchange) throws IOException {
        answerRequests.incrementAndGet();
        var id = exchange.getRequestURI().getQuery().replaceAll("delivery=([^&]+)&parties=P0,P1.*", "$1");
        awaitAnswer(id);
        var given = answers.get(id);
        if (given == null) {
            answer(exchange, 204, new byte[0]);
        } else if (exchange.getRequestURI().getPath().endsWith("/values")) {
            answer(exchange, 200, given.masked().toArray());
        } else {
            answer(
                    exchange,
                    200,
                    CBOR.writeValueAsBytes(Map.of(
                            "statement", given.signed().statement().toArray(),
                            "signature", given.signed().signature().toArray())));
        }
    }

    private void keys(HttpExchange exchange) throws IOException {
        if (announcement.isEmpty()) {
            answer(exchange, 404, JSON.writeValueAsBytes(Map.of("type", "/problem-types#keys-unknown")));
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
