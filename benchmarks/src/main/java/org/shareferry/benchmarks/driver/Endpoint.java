// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One service as its member's programs reach it: over TLS 1.3 with the user's certificate, on kept connections.
final class Endpoint implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long BUSY_MILLIS = 10;

    private final Deployment.Service service;
    private final HttpClient http;

    private Endpoint(Deployment.Service service, HttpClient http) {
        this.service = service;
        this.http = http;
    }

    static Endpoint of(Deployment deployment, Deployment.Service service, Clock clock)
            throws CommandException, KeyFileException {
        return new Endpoint(
                service,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(ServiceClient.tls(service, deployment.folderOf(service), clock))
                        .sslParameters(new SSLParameters(null, new String[] {"TLSv1.3"}))
                        .build());
    }

    /// @return the answer's JSON, whatever its status
    JsonNode get(String path) throws CommandException, InterruptedException {
        try {
            return JSON.readTree(http.send(request(path).GET().build(), BodyHandlers.ofByteArray())
                    .body());
        } catch (IOException | JacksonException e) {
            throw silent(e);
        }
    }

    /// Asks until the service takes the body. One that is busy, or does not know the client's key yet, is asked again.
    ///
    /// @param body may be read several times
    void post(String path, String type, BodyPublisher body) throws CommandException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var request = request(path).header("Content-Type", type).POST(body).build();
        while (true) {
            var answer = send(request);
            if (answer.statusCode() < 300) {
                return;
            }
            boolean isWorthRetrying = answer.statusCode() == 429 || answer.statusCode() == 503;
            if (!isWorthRetrying || System.nanoTime() > end) {
                throw new CommandException(service.member() + " answered POST " + path + " with " + answer.statusCode()
                        + ": " + PlainText.of(answer.body()));
            }
            Thread.sleep(BUSY_MILLIS);
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws CommandException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw silent(e);
        }
    }

    /// @return the stream of what changes, until it is closed by either side
    InputStream events(String since) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(service.address() + "/v1/results?since=" + since))
                .header("Accept", "text/event-stream")
                .build();
        var answer = http.send(request, BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException("No stream of events: status " + answer.statusCode());
        }
        return answer.body();
    }

    /// @return what the service measures of itself, in the text form of Prometheus
    String metrics() throws CommandException, InterruptedException {
        var request = HttpRequest.newBuilder(service.management().resolve("/actuator/prometheus"))
                .timeout(PATIENCE)
                .build();
        return send(request).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.address() + path))
                .header("Accept", "application/json")
                .timeout(PATIENCE);
    }

    private CommandException silent(Exception e) {
        return new CommandException(
                "The service of " + service.member() + " at " + service.address()
                        + " does not answer; keep the files with --dir and see its service.log.",
                e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
