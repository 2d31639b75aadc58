// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.shareferry.delivery.DeliveryId;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Tells those who wait of results as they come (server-sent events). Every waiter has a virtual thread of
/// its own that looks at the database now and then: what another process wrote is seen as well.
@Component
class ResultEvents {
    private static final int BATCH = 100;
    private static final long LOOK_MILLIS = 250;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final ResultStore store;
    private final JsonMapper json;
    private final Clock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);

    ResultEvents(ResultStore store, JsonMapper json, Clock clock) {
        this.store = store;
        this.json = json;
        this.clock = clock;
    }

    @PreDestroy
    void stop() {
        stopping.countDown();
    }

    /// Writes until the listener leaves or the service stops.
    void writeTo(HttpServletResponse response) throws IOException {
        Map<DeliveryId, Result> told = new HashMap<>();
        long since = 0;
        Instant lastWrite = clock.instant();
        response.flushBuffer();
        while (!isStopping()) {
            for (var result : store.changedSince(since, BATCH)) {
                since = result.changed().toEpochMilli();
                if (!result.equals(told.put(result.id(), result))) {
                    write(response, "event: result\ndata: " + json.writeValueAsString(result) + "\n\n");
                    lastWrite = clock.instant();
                }
            }
            if (Duration.between(lastWrite, clock.instant()).compareTo(HEARTBEAT) > 0) {
                write(response, ": still here\n\n");
                lastWrite = clock.instant();
            }
            forgetBefore(told, since);
        }
    }

    private boolean isStopping() {
        try {
            return stopping.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Only what may come again at the same millisecond needs to be remembered.
    private static void forgetBefore(Map<DeliveryId, Result> told, long since) {
        told.values().removeIf(result -> result.changed().toEpochMilli() < since);
    }

    private static void write(HttpServletResponse response, String event) throws IOException {
        response.getOutputStream().write(event.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }
}
