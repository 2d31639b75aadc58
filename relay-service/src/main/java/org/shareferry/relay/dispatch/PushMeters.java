// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.shareferry.relay.assembly.BundleStore;
import org.shareferry.service.neighbour.BatchAnswer;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Metrics of deliveries to clients.
@Component
class PushMeters {
    private final Timer push;
    private final Counter received;
    private final Counter refused;
    private final Counter postponed;

    PushMeters(MeterRegistry meters, BundleStore bundles, DispatchStore dispatch, HeldBundleStore held) {
        push = Timer.builder("shareferry.bundles.push")
                .description("Duration of requests with bundles to clients")
                .register(meters);
        received = Counter.builder("shareferry.bundles.received")
                .description("Bundles with a valid receipt")
                .register(meters);
        refused = Counter.builder("shareferry.bundles.refused")
                .description("Bundles that a client refused finally")
                .register(meters);
        postponed = Counter.builder("shareferry.bundles.postponed")
                .description("Pushed bundles that will be retried")
                .register(meters);
        Gauge.builder("shareferry.bundles.held", () -> count(held))
                .description("Held bundles, which a client refused for a cause that can be fixed")
                .register(meters);
        Gauge.builder("shareferry.bundles.oldest.age", () -> seconds(dispatch::oldestWait))
                .baseUnit("seconds")
                .description("Age of the oldest bundle that waits for its client")
                .register(meters);
        Gauge.builder("shareferry.envelopes.oldest.age", () -> seconds(bundles::oldestCollecting))
                .baseUnit("seconds")
                .description("Age of the oldest envelope that waits for those of other parties")
                .register(meters);
    }

    private static double count(HeldBundleStore held) {
        try {
            return held.count();
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }

    private static double seconds(Supplier<Optional<Duration>> age) {
        try {
            return age.get().orElse(Duration.ZERO).toMillis() / 1000.0;
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }

    BatchAnswer time(Supplier<BatchAnswer> attempt) {
        return Objects.requireNonNull(push.record(attempt), "A request to a neighbour always has a result.");
    }

    void received(int count) {
        received.increment(count);
    }

    void refused() {
        refused.increment();
    }

    void postponed(int count) {
        postponed.increment(count);
    }
}
