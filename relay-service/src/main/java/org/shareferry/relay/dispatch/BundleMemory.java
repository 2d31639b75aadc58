// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.shareferry.member.MemberName;
import org.shareferry.service.web.BytesInFlight;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.stereotype.Component;

/// Limits the bundles in memory on their way to clients. Their sizes differ by orders of magnitude, so bytes are
/// counted. Pushed and pulled bundles are counted separately, because clients may read pulled ones slowly.
@Component
class BundleMemory {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final BytesInFlight pushed;
    private final BytesInFlight pulled;
    private final Map<MemberName, Semaphore> turns = new ConcurrentHashMap<>();

    BundleMemory(ServiceProperties properties) {
        pushed = bytes(properties);
        pulled = bytes(properties);
    }

    private static BytesInFlight bytes(ServiceProperties properties) {
        return new BytesInFlight(
                properties.bodiesInFlight().toBytes(), properties.bodyLimit().toBytes());
    }

    /// Only one pushing thread per client waits for room; the others can serve other clients.
    ///
    /// @param size bytes of envelopes
    /// @return room for them; empty if there is none now
    Optional<Lease> forPush(MemberName client, long size) throws InterruptedException {
        var lease = pushed.take(client.toString(), size, Duration.ZERO);
        var turn = turns.computeIfAbsent(client, name -> new Semaphore(1));
        if (lease.isPresent() || !turn.tryAcquire()) {
            return lease;
        }
        try {
            return pushed.take(client.toString(), size, TIMEOUT);
        } finally {
            turn.release();
        }
    }

    /// @param size bytes of envelopes
    /// @return room for them; empty if there was none in time
    Optional<Lease> forPull(MemberName client, long size) throws InterruptedException {
        return pulled.take(client.toString(), size, TIMEOUT);
    }
}
