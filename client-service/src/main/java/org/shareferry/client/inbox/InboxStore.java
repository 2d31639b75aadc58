// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.shareferry.client.change.Changes;
import org.shareferry.client.inbox.BundleOutcome.Received;
import org.shareferry.client.inbox.BundleOutcome.ReceivedBefore;
import org.shareferry.client.inbox.BundleOutcome.Refusal;
import org.shareferry.client.inbox.BundleOutcome.Refused;
import org.shareferry.client.inbox.InboxRows.Line;
import org.shareferry.client.inbox.InboxRows.Stored;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.OwnMember;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.stereotype.Component;

/// Stores bundles together with their receipts. The transaction that stores the last bundle of a delivery also draws
/// the seed of its challenges, so nobody, not even the client, knows them before that.
@Component
class InboxStore {
    private final InboxRows rows;
    private final Changes changes;
    private final OwnMember own;
    private final Clock clock;
    private final ServiceProperties properties;

    InboxStore(InboxRows rows, Changes changes, OwnMember own, Clock clock, ServiceProperties properties) {
        this.rows = rows;
        this.changes = changes;
        this.own = own;
        this.clock = clock;
        this.properties = properties;
    }

    /// The result for the bundles of one request.
    ///
    /// @param receptions one for each bundle, in order
    /// @param complete deliveries whose last bundle is among them
    record Outcome(List<BundleOutcome> receptions, List<DeliveryKey> complete) {}

    /// @return the existing receipt for exactly these envelopes
    Optional<SignedReceipt> receiptFor(Bundle bundle) {
        var key = key(bundle);
        return rows.stored(key, bundle.place())
                .filter(stored -> stored.ids().equals(ids(bundle)))
                .map(stored -> rows.receipt(key, stored.receipt()));
    }

    /// Stores acceptable bundles, and one receipt for all new places of a delivery. Call it in a transaction.
    ///
    /// @param bundles of any deliveries; each has its own result
    Outcome store(List<Bundle> bundles) {
        // All transactions lock deliveries in this order, to avoid deadlocks.
        var deliveries = new TreeMap<String, List<Bundle>>();
        for (var bundle : bundles) {
            deliveries
                    .computeIfAbsent(key(bundle).toString(), key -> new ArrayList<>())
                    .add(bundle);
        }
        var receptions = new IdentityHashMap<Bundle, BundleOutcome>();
        var complete = new ArrayList<DeliveryKey>();
        for (var ofOne : deliveries.values()) {
            var arrival = new Arrival(ofOne.getFirst());
            receptions.putAll(arrival.store(ofOne));
            if (arrival.isComplete()) {
                complete.add(arrival.key);
            }
        }
        return new Outcome(
                bundles.stream()
                        .map(bundle -> Objects.requireNonNull(receptions.get(bundle)))
                        .toList(),
                complete);
    }

    /// The bundles of one delivery in one request.
    private final class Arrival {
        private final DeliveryKey key;
        private final Line line;
        private final int placesOfReceipt;

        /// All envelopes of a sender for a delivery must come from the same hand-over as the first one.
        private final Map<MemberName, Bytes> handOvers;
        private final SortedMap<Long, SortedMap<Place, Map<MemberName, EnvelopeId>>> fresh = new TreeMap<>();
        private final Map<Place, Stored> freshPlaces = new TreeMap<>();
        private final Map<Long, SignedReceipt> receipts = new TreeMap<>();
        private Instant expires = Instant.MIN;

        Arrival(Bundle first) {
            key = key(first);
            line = rows.lock(first, clock.instant(), expires(first));
            handOvers = line.received() == 0 ? new TreeMap<>() : rows.handOvers(key);
            placesOfReceipt = Math.min(
                    Receipt.MAX_PLACES,
                    Receipt.MAX_ENVELOPES / line.facts().parties().size());
        }

        IdentityHashMap<Bundle, BundleOutcome> store(List<Bundle> bundles) {
            var receptions = new IdentityHashMap<Bundle, BundleOutcome>();
            var taken = new IdentityHashMap<Bundle, Long>();
            var known = new IdentityHashMap<Bundle, Long>();
            for (var bundle : bundles) {
                var refusal = refusal(bundle);
                if (refusal.isPresent()) {
                    receptions.put(bundle, new Refused(refusal.get()));
                } else {
                    stored(bundle.place())
                            .ifPresentOrElse(
                                    stored -> known.put(bundle, stored.receipt()),
                                    () -> taken.put(bundle, insert(bundle)));
                }
            }
            if (!fresh.isEmpty()) {
                finish();
            }
            taken.forEach((bundle, number) -> receptions.put(bundle, new Received(receipt(number))));
            known.forEach((bundle, number) -> receptions.put(bundle, new ReceivedBefore(receipt(number))));
            return receptions;
        }

        private SignedReceipt receipt(long number) {
            return receipts.computeIfAbsent(number, earlier -> rows.receipt(key, earlier));
        }

        boolean isComplete() {
            return !fresh.isEmpty() && line.received() + freshPlaces.size() == line.placeCount();
        }

        private Optional<Refusal> refusal(Bundle bundle) {
            var header = bundle.envelopes().getFirst().header();
            var differing = line.facts().differences(header.facts());
            if (!differing.isEmpty()) {
                return Optional.of(
                        new Refusal.FactsDiffer(new TreeSet<>(line.facts().parties()), new LinkedHashSet<>(differing)));
            }
            // First, because the relay must not learn whether values or envelopes were deleted.
            var stored = stored(bundle.place());
            if (stored.isPresent()) {
                return stored.get().ids().equals(ids(bundle)) ? Optional.empty() : Optional.of(new Refusal.Conflict());
            }
            // A late bundle must not restart a delivery that expired and was deleted.
            if (line.isDeleted()) {
                return Optional.of(new Refusal.Expired(header.sender()));
            }
            return bundle.envelopes().stream()
                    .filter(this::isOfAnotherHandOver)
                    .findFirst()
                    .map(envelope ->
                            new Refusal.HandOversMixed(envelope.header().sender()));
        }

        private boolean isOfAnotherHandOver(Envelope envelope) {
            var known = handOvers.get(envelope.header().sender());
            return known != null && !known.equals(envelope.handOver());
        }

        private Optional<Stored> stored(Place place) {
            return Optional.ofNullable(freshPlaces.get(place))
                    .or(() -> line.received() == 0 ? Optional.empty() : rows.stored(key, place));
        }

        /// @return the number of the receipt that will cover it
        private long insert(Bundle bundle) {
            long receipt = line.received() + (long) freshPlaces.size() / placesOfReceipt * placesOfReceipt;
            var place = new Stored(ids(bundle), receipt);
            for (var envelope : bundle.envelopes()) {
                rows.insert(key, envelope, receipt);
                if (line.placeCount() > 1
                        && handOvers.putIfAbsent(envelope.header().sender(), envelope.handOver()) == null) {
                    rows.insertHandOver(key, envelope);
                }
            }
            freshPlaces.put(bundle.place(), place);
            fresh.computeIfAbsent(receipt, number -> new TreeMap<>()).put(bundle.place(), place.ids());
            // A delivery can become complete until its youngest bundle expires.
            expires = Collections.max(List.of(expires, expires(bundle)));
            return receipt;
        }

        private void finish() {
            fresh.forEach((number, places) -> {
                var receipt = SignedReceipt.sign(
                        new Receipt(
                                key.id(), own.name(), own.identity().publicKey().id(), clock.instant(), places),
                        own.identity());
                rows.insert(key, number, receipt);
                receipts.put(number, receipt);
            });
            rows.count(key, freshPlaces.size(), expires);
            if (isComplete()) {
                rows.beginCheck(key, clock.instant());
            }
            changes.note(key);
        }
    }

    /// A bundle expires with its oldest envelope.
    private Instant expires(Bundle bundle) {
        return bundle.envelopes().stream()
                .map(envelope -> envelope.header().created().plus(properties.deliveryLifetime()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static DeliveryKey key(Bundle bundle) {
        return bundle.envelopes().getFirst().header().facts().key();
    }

    private static Map<MemberName, EnvelopeId> ids(Bundle bundle) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        bundle.envelopes().forEach(envelope -> ids.put(envelope.header().sender(), envelope.id()));
        return ids;
    }
}
