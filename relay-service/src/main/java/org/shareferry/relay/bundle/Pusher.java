// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.work.TryAgainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Brings bundles to clients that can be dialled. Every try sends the same bytes; no transaction is open
/// meanwhile.
@Component
class Pusher {
    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);

    private static final Optional<Duration> A_MOMENT = Optional.of(Duration.ofSeconds(1));

    private final BundleStore bundles;
    private final HeldBundles held;
    private final Receipts receipts;
    private final Neighbours neighbours;
    private final BundlesOut out;
    private final Reachability reachability;
    private final RosterFile roster;
    private final AnswerBodies bodies;
    private final PushMeters meters;

    Pusher(
            BundleStore bundles,
            HeldBundles held,
            Receipts receipts,
            Neighbours neighbours,
            BundlesOut out,
            Reachability reachability,
            RosterFile roster,
            AnswerBodies bodies,
            PushMeters meters) {
        this.bundles = bundles;
        this.held = held;
        this.receipts = receipts;
        this.neighbours = neighbours;
        this.out = out;
        this.reachability = reachability;
        this.roster = roster;
        this.bodies = bodies;
        this.meters = meters;
    }

    /// Returns when there is nothing left to do now: the client has the bundle, refused it, or comes for it itself, or
    /// its time is over.
    ///
    /// @throws TryAgainException when it may be possible later
    void push(BundleKey key) {
        try (var ignored = MDC.putCloseable("delivery", key.delivery().id().toString());
                var alsoIgnored = MDC.putCloseable("chunk", key.place().toString())) {
            var client = bundles.recipient(key).filter(this::isDialled);
            if (client.isEmpty()) {
                return;
            }
            var leftAlone = reachability.ask(client.get(), () -> push(key, client.get()));
            if (leftAlone.isPresent()) {
                throw new TryAgainException(leftAlone.get().reason(), Optional.empty());
            }
        }
    }

    private void push(BundleKey key, MemberName client) {
        try (var member = MDC.putCloseable("member", client.toString())) {
            var lease = out.toBring(client, bundles.size(key));
            if (lease.isEmpty()) {
                throw new TryAgainException("other bundles are on their way and take all the room", A_MOMENT);
            }
            try (var room = lease.get()) {
                push(key, client, bundles.encoded(key));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryAgainException("this service is stopping", Optional.empty());
        }
    }

    /// A client without an address comes for its bundles itself.
    private boolean isDialled(MemberName client) {
        return roster.find(client).filter(member -> member.address().isEmpty()).isEmpty();
    }

    private void push(BundleKey key, MemberName client, List<Bytes> envelopes) {
        if (envelopes.isEmpty()) {
            return;
        }
        var bundle = HeldBundles.content(envelopes);
        switch (meters.time(() -> neighbours.post(client, "/v1/bundles", bundle))) {
            case Answer.Accepted(int status, Bytes body) -> {
                keepReceipt(key, client, body);
                reachability.reached(client);
            }
            case Answer.Refused refused -> {
                reachability.reached(client);
                refuse(key, client, refused);
            }
            case Answer.Unavailable(String reason, var after) -> throw postponed(client, reason, after);
        }
    }

    private TryAgainException postponed(MemberName client, String reason, Optional<Duration> after) {
        reachability.failed(client, reason);
        meters.postponed();
        return new TryAgainException(reason, after);
    }

    private void refuse(BundleKey key, MemberName client, Answer.Refused refused) {
        var why = new BundleStore.Refusal(
                refused.problem().toString(), client + " refused it: " + refused.detail(), client.toString());
        if (refused.finality() == Finality.FINAL) {
            bundles.refuse(key, why);
            meters.refused();
            LOG.warn("{} refused a bundle: {} {}", client, refused.problem(), refused.detail());
        } else {
            held.hold(key, why);
            meters.postponed();
            LOG.warn(
                    "{} refused a bundle for a cause that can be mended; it is held: {} {}",
                    client,
                    refused.problem(),
                    refused.detail());
        }
    }

    private void keepReceipt(BundleKey key, MemberName client, Bytes body) {
        var receipt = bodies.read(body, SignedReceipt.class)
                .orElseThrow(() ->
                        postponed(client, client + " answered with something that is not a receipt", Optional.empty()));
        if (receipts.verify(client, receipt).filter(key::equals).isEmpty()) {
            LOG.warn("{} gave a receipt that is not to be believed", client);
            throw postponed(client, client + " gave a receipt that is not to be believed", Optional.empty());
        }
        if (bundles.delivered(key, receipt)) {
            meters.delivered();
            LOG.info("A bundle was delivered");
        }
    }
}
