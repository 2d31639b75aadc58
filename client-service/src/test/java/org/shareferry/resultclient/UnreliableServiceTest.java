// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.SettableClock;

/// The library for Java applications with a service that is busy, silent, or breaks off.
class UnreliableServiceTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String EMPTY_PAGE = "{\"results\":[],\"asOf\":1}";
    private static final Result RESULT = new Result(
            "53b9abd5dfc3b9ff2723a929934da8c3-0",
            List.of("P0", "P1"),
            7,
            "committed",
            "spdz2k",
            2,
            0,
            "checked",
            Optional.of(Verdict.VERIFIED),
            OptionalInt.of(1),
            List.of(),
            Instant.EPOCH,
            Optional.of(Instant.EPOCH),
            Optional.empty(),
            Instant.EPOCH,
            1);

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpsServer server;
    private ClientFiles files;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        var certificate = Certificate.of("C0");
        certificate.write(folder, "tls");
        Certificate.of("user").write(folder, "user");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context(List.of(certificate))));
        server.setExecutor(threads);
        server.start();
        files = new ClientFiles(
                URI.create("https://localhost:" + server.getAddress().getPort()),
                folder.resolve("user.crt"),
                folder.resolve("user.key"),
                folder.resolve("tls.crt"));
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /// @param timeout of each call
    private ResultClient client(Duration timeout, HttpHandler handler) throws IOException {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            handler.handle(exchange);
        });
        return ResultClient.open(files, new ClientOptions(timeout, 1 << 20), new SettableClock());
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void waitForTheEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_busy_service_is_asked_again_when_it_says() throws Exception {
        try (var client = client(LONG, exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "0");
            reply(exchange, requests.get() < 3 ? 503 : 200, requests.get() < 3 ? "{}" : EMPTY_PAGE);
        })) {
            assertThat(client.results(ResultQuery.all())).isEmpty();
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void a_call_fails_at_once_if_the_service_is_busy_beyond_the_deadline() throws Exception {
        try (var client = client(LONG, exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "120");
            reply(exchange, 503, "{\"type\":\"/problem-types#store-busy\",\"detail\":\"Busy.\"}");
        })) {
            var refused = catchThrowableOfType(ServiceException.class, () -> client.results(ResultQuery.all()));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.problem()).endsWith("store-busy");
            assertThat(refused.retryAfter()).contains(Duration.ofMinutes(2));
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void a_call_to_a_silent_service_ends_at_its_deadline() throws Exception {
        try (var client = client(SHORT, exchange -> waitForTheEnd())) {
            assertThatThrownBy(() -> client.results(ResultQuery.all())).isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void a_call_whose_answer_stops_midway_ends_at_its_deadline() throws Exception {
        try (var client = client(SHORT, exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            waitForTheEnd();
        })) {
            assertThatThrownBy(() -> client.results(ResultQuery.all())).isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void values_that_do_not_come_as_announced_are_refused() throws Exception {
        try (var client = client(LONG, exchange -> {
            announce(exchange, "VERIFIED");
            reply(exchange, 200, requests.get() % 2 == 0 ? "x".repeat(8) : "x".repeat(24));
        })) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> client.values(RESULT)).hasMessageContaining("did not come as announced");
            }
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> client.eachValue(RESULT, Accept.VERIFIED_ONLY, (index, value) -> {}))
                        .hasMessageContaining("did not come as announced");
            }
        }
    }

    private static void announce(HttpExchange exchange, String verdict) {
        var headers = exchange.getResponseHeaders();
        headers.set("Shareferry-Verdict", verdict);
        headers.set("Shareferry-Precision", "0");
        headers.set("Shareferry-Width", "8");
        headers.set("Shareferry-Count", "2");
    }

    /// As by a service that was restored and has checked the delivery again.
    @Test
    void values_under_another_verdict_than_the_results_are_refused() throws Exception {
        try (var client = client(LONG, exchange -> {
            announce(exchange, "UNVERIFIED");
            reply(exchange, 200, "x".repeat(16));
        })) {
            assertThatThrownBy(() -> client.values(RESULT)).hasMessageContaining("Read the result again");
        }
    }

    private static String event(int number) {
        return "event: result\nid: " + number + "\ndata: {\"id\":\"" + RESULT.id() + "\",\"label\":\"7\","
                + "\"scheme\":\"committed\",\"protocol\":\"spdz2k\",\"parties\":[\"P0\",\"P1\"],\"count\":2,"
                + "\"precision\":0,\"state\":\"checked\",\"verdict\":\"VERIFIED\",\"reasons\":[],"
                + "\"firstSeen\":\"2026-06-01T12:00:00Z\",\"changed\":\"2026-06-01T12:00:00Z\",\"change\":" + number
                + "}\n\n";
    }

    @Test
    void a_broken_stream_continues_after_the_last_event() throws Exception {
        var positions = new LinkedBlockingQueue<String>();
        var seen = new LinkedBlockingQueue<Long>();
        try (var client = client(LONG, exchange -> {
                    var position = exchange.getRequestHeaders().getFirst("Last-Event-ID");
                    positions.add(position == null ? "list" : position);
                    switch (requests.get()) {
                        case 1 -> reply(exchange, 200, EMPTY_PAGE);
                        case 2 -> reply(exchange, 200, "id: 4\n\n" + event(5) + "event: result\nid: 6\ndata: {");
                        case 3 -> {
                            exchange.getResponseHeaders().set("Retry-After", "0");
                            reply(exchange, 503, "{}");
                        }
                        case 4 -> reply(exchange, 200, event(6) + event(9));
                        default -> waitForTheEnd();
                    }
                });
                var listening = client.listen(result -> seen.add(result.change()), why -> {})) {
            assertThat(seen.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(5);
            assertThat(seen.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(6);
            assertThat(seen.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(9);
        }
        assertThat(positions).startsWith("list", "1", "5", "5");
    }

    @Test
    void a_stream_that_is_refused_ends() throws Exception {
        var failures = new LinkedBlockingQueue<Throwable>();
        try (var client = client(LONG, exchange -> reply(exchange, requests.get() == 1 ? 200 : 403, EMPTY_PAGE));
                var listening = client.listen(result -> {}, failures::add)) {
            assertThat(failures.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(ServiceException.class);
        }
    }
}
