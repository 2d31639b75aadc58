// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An application that receives what a webhook sends, and answers with scripted statuses, then with 204.
final class ReceiverStub implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final List<Request> requests = new ArrayList<>();
    private final Queue<Reply> replies = new ArrayDeque<>();

    /// @param headers in lower case
    record Request(Map<String, List<String>> headers, String body) {
        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    record Reply(int status, Map<String, String> headers, int size) {
        static Reply of(int status) {
            return new Reply(status, Map.of(), 0);
        }
    }

    ReceiverStub(Optional<SSLContext> tls) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls.isPresent()) {
            var secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
            server = secure;
        } else {
            server = HttpServer.create(address, 0);
        }
        scheme = tls.isPresent() ? "https" : "http";
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return scheme + "://localhost:" + server.getAddress().getPort() + "/hook";
    }

    synchronized void replies(Reply... scripted) {
        replies.addAll(List.of(scripted));
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var reply = next(exchange.getRequestHeaders(), body);
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(reply.status(), reply.size() == 0 ? -1 : reply.size());
            exchange.getResponseBody().write(new byte[reply.size()]);
        }
    }

    private synchronized Reply next(Headers headers, String body) {
        var lower = new HashMap<String, List<String>>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
        requests.add(new Request(lower, body));
        var reply = replies.poll();
        return reply == null ? Reply.of(204) : reply;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
