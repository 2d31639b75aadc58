// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.web.BytesInFlight;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.springframework.stereotype.Component;

/// How much of the store is in memory at a time on its way to clients. Bundles differ in size by orders of
/// magnitude, so it is their bytes that are counted.
@Component
class BundlesOut {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BytesInFlight bytes;

    BundlesOut(ServiceProperties properties) {
        bytes = new BytesInFlight(
                properties.bodiesInFlight().toBytes(), properties.bodyLimit().toBytes());
    }

    /// @param size bytes of envelopes
    /// @return room for them; empty when there was none for a while
    Optional<Lease> take(MemberName client, long size) throws InterruptedException {
        return bytes.take(client.toString(), size, PATIENCE);
    }
}
