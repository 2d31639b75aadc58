// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.shareferry.cbor.MalformedException;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.assembly.BundleState;
import org.shareferry.relay.assembly.BundleStore;
import org.shareferry.relay.assembly.BundleStore.Refusal;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;
import org.shareferry.relay.dispatch.ReceiptVerifier.VerifiedReceipt;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.RelayProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Stores the outcomes of bundles at a client. All outcomes of a request are stored in one transaction.
@Component
class BundleOutcomes {
    private static final Logger LOG = LoggerFactory.getLogger(BundleOutcomes.class);

    private final BundleStore bundles;
    private final DispatchStore dispatch;
    private final HeldBundleStore held;
    private final Feed feed;
    private final SharedCommits commits;
    private final PushMeters meters;
    private final RelayProperties properties;
    private final Clock clock;

    BundleOutcomes(
            BundleStore bundles,
            DispatchStore dispatch,
            HeldBundleStore held,
            Feed feed,
            SharedCommits commits,
            PushMeters meters,
            RelayProperties properties,
            Clock clock) {
        this.bundles = bundles;
        this.dispatch = dispatch;
        this.held = held;
        this.feed = feed;
        this.commits = commits;
        this.meters = meters;
        this.properties = properties;
        this.clock = clock;
    }

    /// The outcome of a bundle that was not accepted.
    sealed interface NotAccepted {}

    /// It was refused finally.
    record RefusedFinally(BundleKey key, Refusal why) implements NotAccepted {}

    /// It was refused for a cause that can be fixed.
    record RefusedForNow(BundleKey key, Refusal why) implements NotAccepted {}

    /// It has no outcome, although the client accepted or refused others.
    record NoOutcome(Waiting bundle) implements NotAccepted {}

    /// Stores all outcomes and returns after the commit.
    void store(List<VerifiedReceipt> receipts, List<NotAccepted> others) {
        var received = commits.commit(() -> {
            // In the order of the places, so that two transactions do not wait for each other.
            var places = new TreeMap<DeliveryKey, List<BundleKey>>(Comparator.comparing(DeliveryKey::toString));
            for (var receipt : receipts) {
                markReceived(receipt)
                        .forEach(key -> places.computeIfAbsent(key.delivery(), delivery -> new ArrayList<>())
                                .add(key));
            }
            others.forEach(this::store);
            return places;
        });
        received.values().forEach(places -> meters.received(places.size()));
        received.keySet().forEach(this::logIfComplete);
        others.forEach(this::count);
    }

    /// Refuses a bundle that this version of the relay cannot read. Otherwise it would stay at the head of the list
    /// and block all others.
    void refuseUnreadable(BundleKey key, MalformedException cause) {
        LOG.error("The bundle {} can no longer be read and is refused.", key, cause);
        var senders = dispatch.envelopeIds(key).keySet().stream()
                .map(MemberName::toString)
                .collect(Collectors.joining(", "));
        var why = new Refusal(
                ProblemType.ENVELOPE_MALFORMED.uri().toString(),
                "This version of the relay cannot read the stored envelopes. Deliver again in another run.",
                senders);
        store(List.of(), List.of(new RefusedFinally(key, why)));
    }

    /// Marks the bundles of a receipt as received.
    ///
    /// @return the bundles that had no receipt before
    private List<BundleKey> markReceived(VerifiedReceipt receipt) {
        var fresh = new ArrayList<BundleKey>();
        boolean wasHeld = false;
        for (var key : receipt.keys()) {
            var before = dispatch.received(key);
            before.ifPresent(state -> fresh.add(key));
            wasHeld |= before.filter(state -> state == BundleState.HELD).isPresent();
        }
        if (!fresh.isEmpty()) {
            var delivery = fresh.getFirst().delivery();
            feed.keep(delivery, receipt.signed(), number -> fresh.forEach(key -> dispatch.numbered(key, number)));
            if (wasHeld && dispatch.count(delivery, BundleState.HELD) == 0) {
                feed.note(delivery.toString(), State.RELEASED);
            }
        }
        return fresh;
    }

    private void store(NotAccepted outcome) {
        switch (outcome) {
            case RefusedFinally(var key, var why) -> {
                if (bundles.refuse(key, why)) {
                    feed.note(key.delivery(), State.REFUSED, why.why());
                }
            }
            case RefusedForNow(var key, var why) -> {
                if (held.hold(key, why)) {
                    feed.note(key.delivery(), State.HELD, why.why());
                }
            }
            case NoOutcome(var bundle) ->
                dispatch.postpone(bundle.key(), clock.instant().plus(delay(bundle)));
        }
    }

    /// The interval grows with the age of the bundle.
    private Duration delay(Waiting bundle) {
        var age = Duration.between(bundle.made(), clock.instant());
        var least = properties.minBackoff().compareTo(age) > 0 ? properties.minBackoff() : age;
        return least.compareTo(properties.maxBackoff()) > 0 ? properties.maxBackoff() : least;
    }

    private void logIfComplete(DeliveryKey delivery) {
        if (dispatch.isReceived(delivery)) {
            try (var ignored = MDC.putCloseable("delivery", delivery.id().toString())) {
                LOG.info("The client has received the whole delivery.");
            }
        }
    }

    private void count(NotAccepted outcome) {
        switch (outcome) {
            case RefusedFinally(var key, var why) -> {
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
            case NoOutcome notJudged -> meters.postponed(1);
        }
    }
}
