// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.relay.RelayProperties;
import org.shareferry.relay.bundle.BundleStore.Refusal;
import org.shareferry.relay.bundle.BundleStore.Waiting;
import org.shareferry.relay.bundle.Receipts.Believed;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.service.storage.SharedCommits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Stores the outcomes of bundles at a client. All outcomes of a request are stored in one transaction.
@Component
class BundleOutcomes {
    private static final Logger LOG = LoggerFactory.getLogger(BundleOutcomes.class);

    private final BundleStore bundles;
    private final HeldBundles held;
    private final Feed feed;
    private final SharedCommits commits;
    private final PushMeters meters;
    private final RelayProperties properties;
    private final Clock clock;

    BundleOutcomes(
            BundleStore bundles,
            HeldBundles held,
            Feed feed,
            SharedCommits commits,
            PushMeters meters,
            RelayProperties properties,
            Clock clock) {
        this.bundles = bundles;
        this.held = held;
        this.feed = feed;
        this.commits = commits;
        this.meters = meters;
        this.properties = properties;
        this.clock = clock;
    }

    /// The outcome of a bundle that was not accepted.
    sealed interface NotTaken {}

    /// It was refused finally.
    record RefusedForGood(BundleKey key, Refusal why) implements NotTaken {}

    /// It was refused for a cause that can be fixed.
    record RefusedForNow(BundleKey key, Refusal why) implements NotTaken {}

    /// It has no outcome, although the client accepted or refused others.
    record NotJudged(Waiting bundle) implements NotTaken {}

    /// Stores all outcomes and returns after the commit.
    void store(List<Believed> receipts, List<NotTaken> others) {
        var delivered = commits.commit(() -> {
            // In the order of the places, so that two transactions do not wait for each other.
            var places = new TreeMap<DeliveryKey, List<BundleKey>>(Comparator.comparing(DeliveryKey::toString));
            for (var receipt : receipts) {
                deliver(receipt)
                        .forEach(key -> places.computeIfAbsent(key.delivery(), delivery -> new ArrayList<>())
                                .add(key));
            }
            others.forEach(this::store);
            return places;
        });
        delivered.values().forEach(places -> meters.delivered(places.size()));
        delivered.keySet().forEach(this::tell);
        others.forEach(this::count);
    }

    /// @return the bundles that had no receipt before
    private List<BundleKey> deliver(Believed receipt) {
        var news = new ArrayList<BundleKey>();
        boolean wasHeld = false;
        for (var key : receipt.keys()) {
            var before = bundles.delivered(key);
            before.ifPresent(state -> news.add(key));
            wasHeld |= before.filter("held"::equals).isPresent();
        }
        if (!news.isEmpty()) {
            var delivery = news.getFirst().delivery();
            feed.keep(delivery, receipt.signed(), number -> news.forEach(key -> bundles.numbered(key, number)));
            if (wasHeld && bundles.count(delivery, "held") == 0) {
                feed.note(delivery.toString(), State.RELEASED);
            }
        }
        return news;
    }

    private void store(NotTaken outcome) {
        switch (outcome) {
            case RefusedForGood(var key, var why) -> {
                if (bundles.refuse(key, why)) {
                    feed.note(key.delivery(), State.REFUSED, why.why());
                }
            }
            case RefusedForNow(var key, var why) -> {
                if (held.hold(key, why)) {
                    feed.note(key.delivery(), State.HELD, why.why());
                }
            }
            case NotJudged(var bundle) ->
                bundles.postpone(bundle.key(), clock.instant().plus(delay(bundle)));
        }
    }

    /// The interval grows with the age of the bundle.
    private Duration delay(Waiting bundle) {
        var age = Duration.between(bundle.made(), clock.instant());
        var least = properties.minBackoff().compareTo(age) > 0 ? properties.minBackoff() : age;
        return least.compareTo(properties.maxBackoff()) > 0 ? properties.maxBackoff() : least;
    }

    private void tell(DeliveryKey delivery) {
        if (bundles.isDelivered(delivery)) {
            try (var ignored = MDC.putCloseable("delivery", delivery.id().toString())) {
                LOG.info("A delivery is completely delivered.");
            }
        }
    }

    private void count(NotTaken outcome) {
        switch (outcome) {
            case RefusedForGood(var key, var why) -> {
                meters.refused();
                LOG.warn("The bundle {} was refused: {} {}", key, why.type(), why.detail());
            }
            case RefusedForNow(var key, var why) -> {
                meters.postponed(1);
                LOG.warn(
                        "The bundle {} was refused for a cause that can be fixed, and is held: {} {}",
                        key,
                        why.type(),
                        why.detail());
            }
            case NotJudged notJudged -> meters.postponed(1);
        }
    }
}
