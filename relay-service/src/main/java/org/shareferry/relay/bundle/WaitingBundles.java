// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.MemberName;
import org.shareferry.relay.bundle.BundleStore.Waiting;
import org.shareferry.service.member.ServiceProperties;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Lets a client wait for bundles. The database is asked now and again, because another replica may have taken
/// the last envelope.
@Component
class WaitingBundles {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final BundleStore bundles;
    private final long answerLimit;
    private final CountDownLatch stopping = new CountDownLatch(1);

    WaitingBundles(BundleStore bundles, ServiceProperties properties) {
        this.bundles = bundles;
        this.answerLimit = Math.min(properties.bodyLimit().toBytes(), Bundle.MAX_SIZE);
    }

    /// Whoever waits is answered at once when the service stops, so that stopping need not wait for them.
    @EventListener
    void stop(ContextClosedEvent event) {
        stopping.countDown();
    }

    /// @param limit at most so many, and no more than fit one body, but one in any case
    /// @param patience how long to wait for the first
    List<Waiting> await(MemberName client, int limit, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        var found = look(client, limit);
        while (found.isEmpty()
                && System.nanoTime() - until < 0
                && !stopping.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
            found = look(client, limit);
        }
        return found;
    }

    private List<Waiting> look(MemberName client, int limit) {
        var found = new ArrayList<Waiting>();
        long size = 0;
        for (var waiting : bundles.waitingFor(client, limit)) {
            size += waiting.size();
            if (size > answerLimit && !found.isEmpty()) {
                break;
            }
            found.add(waiting);
        }
        return found;
    }
}
