// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.shareferry.client.ClientProperties;
import org.shareferry.client.inbox.Reception.Received;
import org.shareferry.client.inbox.Reception.Refused;
import org.shareferry.client.keys.OpeningKeys;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.storage.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.dataformat.cbor.CBORMapper;

/// For a client that the relay cannot dial: it comes for its bundles itself, brings receipts and refusals
/// back, and announces its keys there. What happens to a bundle is the same as when it is brought.
@Component
class Puller implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Puller.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration BETWEEN_ANNOUNCEMENTS = Duration.ofMinutes(1);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

    private final Inbox inbox;
    private final OpeningKeys keys;
    private final OwnMember own;
    private final RosterFile roster;
    private final Neighbours neighbours;
    private final AnswerBodies bodies;
    private final CBORMapper cbor;
    private final Clock clock;
    private final ClientProperties properties;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private volatile CountDownLatch stopping = new CountDownLatch(0);
    private Instant nextAnnouncement = Instant.MIN;

    Puller(
            Inbox inbox,
            OpeningKeys keys,
            OwnMember own,
            RosterFile roster,
            Neighbours neighbours,
            AnswerBodies bodies,
            CBORMapper cbor,
            Clock clock,
            ClientProperties properties) {
        this.inbox = inbox;
        this.keys = keys;
        this.own = own;
        this.roster = roster;
        this.neighbours = neighbours;
        this.bodies = bodies;
        this.cbor = cbor;
        this.clock = clock;
        this.properties = properties;
    }

    private record PulledBundle(List<Envelope> envelopes) {}

    private record Pulled(List<PulledBundle> bundles) {}

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
            failures = turn() ? 0 : failures + 1;
            if (failures > 0) {
                pause(BACKOFF.after(failures, random));
            }
        }
    }

    private void pause(Duration delay) {
        try {
            if (stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Pulling ends");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether the relay answered as it should
    private boolean turn() {
        var relay =
                roster.current().ofRole(Role.RELAY).stream().map(Member::name).findFirst();
        if (relay.isEmpty()) {
            LOG.warn("The roster has no relay to pull from");
            return false;
        }
        try {
            return announced(relay.get()) && pulled(relay.get());
        } catch (RuntimeException e) {
            LOG.error("Pulling failed for a reason that this service does not foresee", e);
            return false;
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

    /// An answer without bundles comes when the wait is over. One that comes at once is answered with a pause, or a
    /// relay could make this client ask without end.
    private boolean pulled(MemberName relay) {
        long begin = System.nanoTime();
        var answer = neighbours.getBundles(relay, "/v1/bundles?limit=4&wait=" + WAIT.toSeconds() + "s", WAIT);
        if (!(answer instanceof Answer.Accepted(int status, Bytes body))) {
            return isAccepted(relay, answer);
        }
        var bundles = parse(body);
        boolean all = !bundles.isEmpty() || System.nanoTime() - begin > WAIT.toNanos() / 2;
        for (var bundle : bundles) {
            all &= isAccepted(relay, answerFor(relay, bundle));
        }
        return all;
    }

    private List<Bundle> parse(Bytes body) {
        return bodies
                .read(body, Pulled.class)
                .orElseThrow(() -> new IllegalStateException("The relay's answer does not have the form of bundles."))
                .bundles()
                .stream()
                .map(pulled -> new Bundle(pulled.envelopes()))
                .toList();
    }

    /// The digest of the bundle as the relay would send it to a client that it dials.
    private static ContentDigest digest(Bundle bundle) {
        var pieces = new ArrayList<Bytes>();
        pieces.add(Bundle.head(bundle.envelopes().size()));
        bundle.envelopes().forEach(envelope -> pieces.add(envelope.encode()));
        return ContentDigest.of(pieces);
    }

    private Answer answerFor(MemberName relay, Bundle bundle) {
        return switch (inbox.receive(bundle)) {
            case Received(var receipt) ->
                neighbours.post(relay, "/v1/receipts", Bytes.of(cbor.writeValueAsBytes(receipt)));
            case Refused(var why) -> {
                var problem = BundlesController.problem(why);
                var note = new RefusalNote(
                        bundle.delivery(),
                        bundle.envelopes().getFirst().header().facts().parties(),
                        bundle.place().kind(),
                        bundle.place().index(),
                        problem.type().uri().toString(),
                        problem.detail(),
                        digest(bundle).toString());
                yield neighbours.post(relay, "/v1/refusals", Bytes.of(cbor.writeValueAsBytes(note)));
            }
        };
    }

    private static boolean isAccepted(MemberName relay, Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted -> true;
            case Answer.Refused refused -> {
                LOG.warn("{} refused: {} {}", relay, refused.problem(), refused.detail());
                yield false;
            }
            case Answer.Unavailable(String reason, Optional<Duration> after) -> {
                LOG.info("{} cannot be asked now: {}", relay, reason);
                yield false;
            }
        };
    }
}
