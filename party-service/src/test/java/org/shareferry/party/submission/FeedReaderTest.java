// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.party.outbox.Stores;
import org.shareferry.party.submission.RelayClient.FeedEntry;
import org.shareferry.party.submission.RelayClient.FeedPoll;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.work.Lease;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FeedReaderTest {
    private static final PartySet PARTIES = new PartySet(List.of(MemberName.party(0), MemberName.party(1)));
    private static final String FEED = "feed";

    @TempDir
    Path folder;

    private final SettableClock clock = SettableClock.ticking();
    private final ScriptedRelay relay = new ScriptedRelay();
    private final CountDownLatch end = new CountDownLatch(1);
    private Stores stores = new Stores(Path.of(""), "main", clock);
    private Optional<EnvelopePump> pump = Optional.empty();
    private Optional<FeedReader> reader = Optional.empty();

    @BeforeEach
    void database() {
        stores = new Stores(folder, "main", clock);
        stores.migrate("latest");
    }

    @AfterEach
    void stop() {
        end.countDown();
        reader.ifPresent(FeedReader::stop);
        pump.ifPresent(EnvelopePump::stop);
    }

    private void start() {
        var lease = new Lease("relay", new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("party.db")));
        var meters = new SimpleMeterRegistry();
        var sender = new EnvelopePump(
                relay,
                stores.outbox,
                new SubmissionOutcomes(stores.outbox, stores.properties, clock),
                stores.commits,
                stores.properties,
                lease,
                meters,
                clock);
        var intake = new FeedIntake(
                stores.outbox,
                stores.receipts,
                stores.deliveries,
                stores.commits,
                MemberName.party(1),
                () -> Roster.of(List.of()),
                MemberName.parse("R0"),
                clock,
                meters);
        var made = new FeedReader(relay, intake, stores.receipts, stores.outbox, sender, lease, stores.properties);
        sender.start();
        made.start();
        pump = Optional.of(sender);
        reader = Optional.of(made);
    }

    private DeliveryId submitted() throws Exception {
        var id = stores.sealed(1).id();
        stores.outbox.accepted(id, 0, 1);
        return id;
    }

    private void awaitState(DeliveryId id, DeliveryState state) {
        await().untilAsserted(() ->
                assertThat(stores.deliveries.find(id).orElseThrow().state()).isEqualTo(state));
    }

    private static FeedEntry entry(long number, DeliveryId id, String state) {
        return new FeedEntry(number, id, PARTIES, state, Optional.empty(), new Refusal("about:blank", "because"));
    }

    /// An empty page after a long wait.
    private FeedPoll silence(Position from) {
        try {
            end.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new FeedPoll.Page(from.feed(), List.of(), from.number());
    }

    @Test
    void feed_entries_are_stored_with_the_position_to_continue_from() throws Exception {
        var first = submitted();
        var second = submitted();
        relay.onNews = from -> switch ((int) from.number()) {
            case 0 -> new FeedPoll.Page(FEED, List.of(entry(3, first, "bundled")), 3);
            case 3 ->
                new FeedPoll.Page(FEED, List.of(entry(5, second, "held"), entry(6, second, "of a newer relay")), 6);
            default -> silence(from);
        };

        start();

        awaitState(first, DeliveryState.BUNDLED);
        await().untilAsserted(() -> assertThat(
                        stores.deliveries.find(second).orElseThrow().isHeld())
                .isTrue());
        await().untilAsserted(() -> assertThat(stores.receipts.position("R0")).isEqualTo(new Position(FEED, 6)));
        assertThat(relay.asked.subList(0, 2)).containsExactly(Position.START, new Position(FEED, 3));
    }

    @Test
    void entries_of_other_parties_with_the_same_id_are_ignored() throws Exception {
        var id = submitted();
        var others = new PartySet(List.of(MemberName.party(1), MemberName.party(2)));
        relay.onNews = from -> from.number() > 0
                ? silence(from)
                : new FeedPoll.Page(
                        FEED,
                        List.of(new FeedEntry(1, id, others, "bundled", Optional.empty(), new Refusal("a", "b"))),
                        1);

        start();

        await().untilAsserted(() ->
                assertThat(stores.receipts.position("R0").number()).isOne());
        awaitState(id, DeliveryState.SUBMITTED);
    }

    @Test
    void an_unreadable_delivery_does_not_keep_the_entries_of_others_from_being_stored() throws Exception {
        var unreadable = submitted();
        var good = submitted();
        stores.spoil(unreadable, "header", new byte[] {1});
        relay.onNews = from -> from.number() > 0
                ? silence(from)
                : new FeedPoll.Page(FEED, List.of(entry(1, unreadable, "bundled"), entry(2, good, "bundled")), 2);

        start();

        awaitState(good, DeliveryState.BUNDLED);
        await().untilAsserted(() -> assertThat(stores.receipts.position("R0")).isEqualTo(new Position(FEED, 2)));
        assertThat(stores.meters.counter("shareferry.rows.unreadable").count()).isOne();
    }

    @Test
    void a_changed_feed_is_read_anew_and_missing_envelopes_are_submitted_again() throws Exception {
        var lost = submitted();
        var there = submitted();
        stores.receipts.read("R0", new Position("former", 900));
        var lacked = stores.receipts.acceptedAfter(0, 1).getFirst().envelope();
        relay.onNews = from -> from.feed().equals("former")
                ? new FeedPoll.OtherFeed()
                : from.number() > 0 ? silence(from) : new FeedPoll.Page(FEED, List.of(entry(1, there, "bundled")), 1);
        relay.onLacking = ids -> Optional.of(Set.of(lacked));

        start();

        await().untilAsserted(() -> assertThat(relay.sent()).containsExactly(lost));
        awaitState(lost, DeliveryState.SUBMITTED);
        awaitState(there, DeliveryState.BUNDLED);
        assertThat(relay.asked).contains(Position.START);
    }

    @Test
    void the_relay_is_asked_for_missing_envelopes_after_each_failure() throws Exception {
        submitted();
        relay.onNews = from -> new FeedPoll.Page(FEED, List.of(), 0);
        start();
        await().untilAsserted(() -> assertThat(relay.askedAboutLacking).hasSize(1));

        relay.onNews = from -> new FeedPoll.NotNow("it is down", Optional.empty());
        int before = relay.asked.size();
        await().untilAsserted(() -> assertThat(relay.asked).hasSizeGreaterThan(before + 2));
        assertThat(relay.askedAboutLacking).hasSize(1);
        relay.onLacking = ids -> Optional.empty();
        relay.onNews = this::silenceAfterTheFirst;

        await().untilAsserted(() -> assertThat(relay.askedAboutLacking).hasSizeGreaterThan(2));
        relay.onLacking = ids -> Optional.of(Set.of());
        int asked = relay.askedAboutLacking.size();
        await().untilAsserted(() -> assertThat(relay.askedAboutLacking).hasSizeGreaterThan(asked));
    }

    private FeedPoll silenceAfterTheFirst(Position from) {
        return new FeedPoll.Page(FEED, List.of(), 0);
    }

    @Test
    void a_thousand_waiting_deliveries_use_one_long_poll() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            submitted();
        }
        relay.onNews = from -> from.number() > 0 ? silence(from) : new FeedPoll.Page(FEED, List.of(), 1);

        start();

        await().untilAsserted(() -> assertThat(relay.askedAboutLacking).hasSizeGreaterThanOrEqualTo(2));
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(3))
                .until(() -> relay.asked.size() <= 2 && relay.requests.isEmpty());
    }

    @Test
    void empty_pages_do_not_cause_a_tight_loop() {
        relay.onNews = from -> new FeedPoll.Page(FEED, List.of(), 0);

        start();

        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(3)).until(() -> relay.asked.size() <= 2);
    }

    @Test
    void a_relay_that_refuses_the_start_of_its_feed_is_not_asked_in_a_tight_loop() {
        relay.onNews = from -> new FeedPoll.OtherFeed();

        start();

        await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(2)).until(() -> relay.asked.size() < 30);
    }

    @Test
    void a_final_problem_refuses_a_delivery_and_others_hold_it() throws Exception {
        var refused = submitted();
        var held = submitted();
        relay.onNews = from -> from.number() > 0
                ? silence(from)
                : new FeedPoll.Page(
                        FEED,
                        List.of(
                                problem(refused, "/problem-types#facts-differ"),
                                // As in an earlier version of the relay.
                                problem(held, "/problem-types#clock-skew"),
                                problem(held, "not a URI")),
                        2);

        start();

        awaitState(refused, DeliveryState.REFUSED);
        await().untilAsserted(() ->
                assertThat(stores.deliveries.find(held).orElseThrow().isHeld()).isTrue());
    }

    private static FeedEntry problem(DeliveryId id, String type) {
        return new FeedEntry(1, id, PARTIES, "refused", Optional.empty(), new Refusal(type, "because"));
    }

    @Test
    void a_held_delivery_continues_when_the_relay_releases_it() throws Exception {
        var id = submitted();
        stores.outbox.hold(id, new Refusal("urn:x", "because"), clock.instant());
        relay.onNews = from ->
                from.number() > 0 ? silence(from) : new FeedPoll.Page(FEED, List.of(entry(1, id, "released")), 1);

        start();

        await().untilAsserted(() ->
                assertThat(stores.deliveries.find(id).orElseThrow().isHeld()).isFalse());
    }
}
