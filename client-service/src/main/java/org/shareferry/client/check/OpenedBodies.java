// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Keeps the opened bodies of stored envelopes in memory from their reception to the check of their delivery.
/// Memory is limited in bytes; bodies that do not fit are opened again from the stored envelopes.
@Component
public class OpenedBodies implements AutoCloseable {
    /// A delivery that needs more than one in this number of the memory is not kept, because it would displace many
    /// others.
    private static final int SHARE = 4;

    /// Bodies that wait longer for the rest of their delivery are wiped.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// The overhead in bytes of a body: its id and Java objects (182 measured).
    static final int AROUND = 192;

    private final long room;
    private final Clock clock;
    private final Map<DeliveryKey, Opened> kept = new LinkedHashMap<>();
    private long bytes;

    @Autowired
    OpenedBodies(ServiceProperties properties, Clock clock) {
        this(properties.bodiesInFlight().toBytes() / 2, clock);
    }

    OpenedBodies(long room, Clock clock) {
        this.room = room;
        this.clock = clock;
    }

    /// Opened bodies of one delivery. The caller closes them.
    public final class Opened implements AutoCloseable {
        private final Map<EnvelopeId, SecretBytes> bodies = new HashMap<>();
        private final Instant since = clock.instant();

        /// @return the body of this envelope; it stays open until all are closed
        Optional<SecretBytes> find(EnvelopeId envelope) {
            return Optional.ofNullable(bodies.get(envelope));
        }

        private long size() {
            return sizeOf(bodies);
        }

        @Override
        public void close() {
            release(this);
        }
    }

    /// Takes over opened bodies of one delivery. Call it after the commit of the envelopes.
    ///
    /// @param bodies by the ids of their envelopes
    public synchronized void keep(DeliveryFacts facts, Map<EnvelopeId, SecretBytes> bodies) {
        long size = sizeOf(bodies);
        if (sizeOf(facts) > room / SHARE || !hasRoom(size)) {
            bodies.values().forEach(SecretBytes::close);
            return;
        }
        var opened = kept.computeIfAbsent(facts.key(), key -> new Opened());
        bodies.forEach((id, body) -> {
            if (opened.bodies.putIfAbsent(id, body) == null) {
                bytes += sizeOf(body);
            } else {
                body.close();
            }
        });
    }

    private static long sizeOf(DeliveryFacts facts) {
        long values = facts.shape().count()
                * facts.scheme().elementsPerValue()
                * facts.scheme().elementDomain(facts.domain()).elementBytes();
        return (values + AROUND * facts.shape().placeCount(facts.scheme()))
                * facts.parties().size();
    }

    private static long sizeOf(Map<EnvelopeId, SecretBytes> bodies) {
        return bodies.values().stream().mapToLong(OpenedBodies::sizeOf).sum();
    }

    private static long sizeOf(SecretBytes body) {
        return AROUND + (long) body.size();
    }

    /// Makes room by wiping the oldest bodies.
    private boolean hasRoom(long size) {
        var oldest = kept.values().iterator();
        while (bytes + size > room && oldest.hasNext()) {
            var evicted = oldest.next();
            oldest.remove();
            evicted.close();
        }
        return bytes + size <= room;
    }

    /// @return whether bodies of this delivery are kept
    synchronized boolean has(DeliveryKey delivery) {
        return kept.containsKey(delivery);
    }

    /// @return the kept bodies of this delivery, possibly none; they belong to the caller
    synchronized Opened take(DeliveryKey delivery) {
        var taken = kept.remove(delivery);
        return taken == null ? new Opened() : taken;
    }

    private synchronized void release(Opened opened) {
        bytes -= opened.size();
        opened.bodies.values().forEach(SecretBytes::close);
        opened.bodies.clear();
    }

    @Scheduled(fixedDelayString = "PT20S")
    synchronized void wipeOld() {
        var end = clock.instant().minus(PATIENCE);
        kept.values().removeIf(opened -> {
            boolean isOld = opened.since.isBefore(end);
            if (isOld) {
                opened.close();
            }
            return isOld;
        });
    }

    synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        kept.values().forEach(Opened::close);
        kept.clear();
    }
}
