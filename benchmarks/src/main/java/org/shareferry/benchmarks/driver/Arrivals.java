// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.shareferry.cli.CommandException;
import tools.jackson.databind.json.JsonMapper;

/// Listens to the client's stream of events and tells when each delivery was checked. While the client is away it
/// tries again, and goes on where the stream ended.
final class Arrivals implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long AGAIN_MILLIS = 20;
    private static final String DATA = "data: ";
    private static final String ID = "id: ";

    private final Endpoint client;
    private final Map<String, CompletableFuture<Long>> awaited = new ConcurrentHashMap<>();
    private final CompletableFuture<Boolean> listening = new CompletableFuture<>();
    private final Thread listener;
    private volatile String last = "now";
    private volatile boolean closed;

    Arrivals(Endpoint client) {
        this.client = client;
        listener = Thread.ofVirtual().name("arrivals").start(this::listen);
    }

    /// Waits until the stream is open.
    void awaitListening(Duration patience) throws CommandException, InterruptedException {
        get(listening, "The client's stream of events did not open", patience);
    }

    /// Has to be called before the delivery is handed over.
    void expect(String id) {
        awaited.put(id, new CompletableFuture<>());
    }

    /// @return when the event came that told that the delivery was checked, as [System#nanoTime]
    long await(String id, Duration patience) throws CommandException, InterruptedException {
        var arrival = awaited.computeIfAbsent(id, unexpected -> new CompletableFuture<>());
        long when = get(arrival, "Delivery " + id + " did not arrive", patience);
        awaited.remove(id);
        return when;
    }

    /// @return whether a delivery that was expected, and is not awaited, was checked
    boolean hasArrived(String id) {
        var arrival = awaited.get(id);
        return arrival != null && arrival.isDone();
    }

    private static <T> T get(CompletableFuture<T> future, String otherwise, Duration patience)
            throws CommandException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CommandException(otherwise + " within " + patience.toSeconds() + " s.", e);
        }
    }

    private void listen() {
        try {
            while (!closed) {
                try {
                    read();
                } catch (IOException e) {
                    // The client is away.
                }
                Thread.sleep(AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() throws IOException, InterruptedException {
        try (var in = client.events(last);
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            listening.complete(true);
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ID)) {
                    last = line.substring(ID.length());
                } else if (line.startsWith(DATA)) {
                    tell(line.substring(DATA.length()), System.nanoTime());
                }
            }
        }
    }

    private void tell(String data, long when) {
        var result = JSON.readTree(data);
        if (result.path("state").asString("").equals("checked")) {
            var arrival = awaited.get(result.path("id").asString(""));
            if (arrival != null) {
                arrival.complete(when);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        listener.interrupt();
    }
}
