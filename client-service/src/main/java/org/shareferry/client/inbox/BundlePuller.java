// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.shareferry.client.inbox.BundleBatches.Item;
import org.shareferry.client.inbox.BundleBatches.Item.Judged;
import org.shareferry.client.inbox.BundleBatches.Item.NoBundle;
import org.shareferry.client.inbox.BundleOutcome.Received;
import org.shareferry.client.inbox.BundleOutcome.ReceivedBefore;
import org.shareferry.client.inbox.BundleOutcome.Refusal;
import org.shareferry.client.inbox.BundleOutcome.Refused;
import org.shareferry.client.keys.OpeningKeys;
import org.shareferry.client.relay.RelayContact;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.storage.Backoff;
import org.shareferry.site.settings.ClientProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.dataformat.cbor.CBORMapper;

/// For a client to which the relay cannot connect: pulls bundles from the relay, returns receipts and refusals, and
/// announces the client's keys there. Pulled and pushed bundles are processed in the same way.
@Component
class BundlePuller implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(BundlePuller.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int AT_ONCE = 256;
    private static final Duration BETWEEN_OLD = Duration.ofMillis(500);
    private static final Duration BETWEEN_ANNOUNCEMENTS = Duration.ofMinutes(1);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final BundleBatches batches;
    private final OpeningKeys keys;
    private final OwnMember own;
    private final RosterFile roster;
    private final Neighbours neighbours;
    private final CBORMapper cbor;
    private final Clock clock;
    private final ClientProperties properties;
    private final RelayContact contact;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private volatile CountDownLatch stopping = new CountDownLatch(0);
    private Instant nextAnnouncement = Instant.MIN;

    BundlePuller(
            BundleBatches batches,
            OpeningKeys keys,
            OwnMember own,
            RosterFile roster,
            Neighbours neighbours,
            CBORMapper cbor,
            Clock clock,
            ClientProperties properties,
            RelayContact contact) {
        this.batches = batches;
        this.keys = keys;
        this.own = own;
        this.roster = roster;
        this.neighbours = neighbours;
        this.cbor = cbor;
        this.clock = clock;
        this.properties = properties;
        this.contact = contact;
    }

    /// The result of one pull.
    enum Turn {
        /// There was a new bundle, or the relay held the long poll.
        NEW,
        /// All bundles were already known.
        NOTHING_NEW,
        FAILED
    }

    /// The outcomes to return to the relay.
    private record TurnOutcomes(Collection<SignedReceipt> receipts, List<RefusalNote> refusals) {}

    private record RefusalNote(
            DeliveryId delivery,
            List<MemberName> parties,
            Kind kind,
            int index,
            String type,
            String detail,
            String judged) {}

    @Override
    public void start() {
        if (properties.mode() == ClientProperties.Mode.PULL) {
            stopping = new CountDownLatch(1);
            Thread.ofVirtual().name("puller").start(this::run);
        }
    }

    @Override
    public void stop() {
        stopping.countDown();
    }

    @Override
    public boolean isRunning() {
        return stopping.getCount() > 0;
    }

    private void run() {
        int failures = 0;
        while (isRunning()) {
            var turn = turn();
            failures = turn == Turn.FAILED ? failures + 1 : 0;
            pause(pauseAfter(turn, failures));
        }
    }

    /// The next pull is immediate only after a new bundle or a held long poll, to avoid a tight loop.
    Duration pauseAfter(Turn turn, int failures) {
        return switch (turn) {
            case NEW -> Duration.ZERO;
            case NOTHING_NEW -> BETWEEN_OLD;
            case FAILED -> BACKOFF.after(failures, random);
        };
    }

    private void pause(Duration delay) {
        try {
            if (stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Pulling stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Turn turn() {
        var relay =
                roster.current().ofRole(Role.RELAY).stream().map(Member::name).findFirst();
        if (relay.isEmpty()) {
            LOG.warn("The roster has no relay to pull from");
            return Turn.FAILED;
        }
        try {
            return announced(relay.get()) ? pulled(relay.get()) : Turn.FAILED;
        } catch (RuntimeException e) {
            LOG.error("Unexpected error while pulling; retrying", e);
            return Turn.FAILED;
        }
    }

    private boolean announced(MemberName relay) {
        if (clock.instant().isBefore(nextAnnouncement)) {
            return true;
        }
        var body = Bytes.of(cbor.writeValueAsBytes(keys.announcement()));
        boolean done = isAccepted(relay, neighbours.put(relay, "/v1/members/" + own.name() + "/keys", body));
        if (done) {
            nextAnnouncement = clock.instant().plus(BETWEEN_ANNOUNCEMENTS);
        }
        return done;
    }

    private Turn pulled(MemberName relay) {
        long asked = System.nanoTime();
        var answer =
                neighbours.getBundles(relay, "/v1/bundles?limit=" + AT_ONCE + "&wait=" + WAIT.toSeconds() + "s", WAIT);
        if (!(answer instanceof Answer.Accepted(int status, Bytes body))) {
            isAccepted(relay, answer);
            return Turn.FAILED;
        }
        contact.note();
        if (body.size() == 0) {
            // The relay did not hold the long poll.
            return System.nanoTime() - asked < WAIT.toNanos() / 2 ? Turn.FAILED : Turn.NEW;
        }
        return answered(relay, batches.receive(body.stream()));
    }

    private Turn answered(MemberName relay, List<Item> items) {
        var receipts = new LinkedHashSet<SignedReceipt>();
        var refusals = new ArrayList<RefusalNote>();
        var turn = Turn.NOTHING_NEW;
        for (var item : items) {
            switch (item) {
                case Judged(var bundle, Received(var receipt)) -> {
                    receipts.add(receipt);
                    turn = Turn.NEW;
                }
                case Judged(var bundle, ReceivedBefore(var receipt)) -> receipts.add(receipt);
                case Judged(var bundle, Refused(var why)) -> refusals.add(note(bundle, why));
                case NoBundle(var why) -> LOG.warn("{} sent something that is not a bundle", relay);
            }
        }
        if (receipts.isEmpty() && refusals.isEmpty()) {
            return Turn.FAILED;
        }
        var outcomes = Bytes.of(cbor.writeValueAsBytes(new TurnOutcomes(receipts, refusals)));
        return isAccepted(relay, neighbours.post(relay, "/v1/bundles/outcomes", outcomes)) ? turn : Turn.FAILED;
    }

    private static RefusalNote note(Bundle bundle, Refusal why) {
        var problem = BundlesController.problem(why);
        return new RefusalNote(
                bundle.delivery(),
                bundle.envelopes().getFirst().header().facts().parties(),
                bundle.place().kind(),
                bundle.place().index(),
                problem.type().uri().toString(),
                problem.detail(),
                ContentDigest.of(List.of(bundle.encode())).toString());
    }

    private boolean isAccepted(MemberName relay, Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted -> {
                contact.note();
                yield true;
            }
            case Answer.Refused refused -> {
                LOG.warn("{} refused the request: {} {}", relay, refused.problem(), refused.detail());
                yield false;
            }
            case Answer.Unavailable(String reason, Optional<Duration> after) -> {
                LOG.info("{} is unavailable: {}", relay, reason);
                yield false;
            }
        };
    }
}
