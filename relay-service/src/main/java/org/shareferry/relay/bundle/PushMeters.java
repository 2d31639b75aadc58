// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.shareferry.service.neighbour.BatchAnswer;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// What operators watch of the way to the clients.
@Component
class PushMeters {
    private final Timer push;
    private final Counter delivered;
    private final Counter refused;
    private final Counter postponed;

    PushMeters(MeterRegistry meters, BundleStore bundles, HeldBundles held) {
        push = Timer.builder("shareferry.bundles.push")
                .description("How long clients take to answer a request with bundles")
                .register(meters);
        delivered = Counter.builder("shareferry.bundles.delivered")
                .description("Bundles with a receipt that was believed")
                .register(meters);
        refused = Counter.builder("shareferry.bundles.refused")
                .description("Bundles that a client will never take")
                .register(meters);
        postponed = Counter.builder("shareferry.bundles.postponed")
                .description("Bundles that were brought and will be brought again")
                .register(meters);
        Gauge.builder("shareferry.bundles.held", () -> count(held))
                .description("Bundles that a client refused for a cause that can be mended")
                .register(meters);
        Gauge.builder("shareferry.bundles.oldest.age", () -> seconds(bundles::oldestWait))
                .baseUnit("seconds")
                .description("How long the oldest bundle waits for its client")
                .register(meters);
        Gauge.builder("shareferry.envelopes.oldest.age", () -> seconds(bundles::oldestCollecting))
                .baseUnit("seconds")
                .description("How long the oldest envelope waits for those of other parties")
                .register(meters);
    }

    private static double count(HeldBundles held) {
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
        return Objects.requireNonNull(push.record(attempt), "A neighbour gives some answer.");
    }

    void delivered(int count) {
        delivered.increment(count);
    }

    void refused() {
        refused.increment();
    }

    void postponed(int count) {
        postponed.increment(count);
    }
}
