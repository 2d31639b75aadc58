// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.party.outbox.Draft.Sealed;
import org.shareferry.party.outbox.Outbox.Waiting;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.outbox.ReceiptStore.LastAccepted;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.fixture.SettableClock;

class OutboxTest {
    private static final Place FIRST = new Place(Kind.VALUES, 0);
    private static final Place SECOND = new Place(Kind.VALUES, 1);
    private static final SignedReceipt RECEIPT = new SignedReceipt(Bytes.ascii("receipt"), Bytes.ascii("signature"));

    private final SettableClock clock = SettableClock.ticking();

    @TempDir
    private Path folder = Path.of("");

    private Stores stores = new Stores(folder, "main", clock);

    @BeforeEach
    void migrate() {
        stores = new Stores(folder, "main", clock);
        stores.migrate("latest");
    }

    private static DeliveryFacts facts(Domain domain) {
        return Stores.facts(domain, new Shape(2, 1));
    }

    private static DeliveryFacts facts() {
        return facts(new Domain.Ring(128, 64));
    }

    private Envelope envelope(DeliveryFacts facts, Place place) throws CryptoException {
        return stores.envelope(facts, place);
    }

    private Header header(DeliveryFacts facts) {
        return stores.header(facts, FIRST);
    }

    private static Sealed sealed(Envelope envelope) {
        return new Sealed(envelope.header().place(), envelope.id(), envelope.encode());
    }

    private DeliveryFacts sealed() throws CryptoException {
        return stores.sealed(2);
    }

    private DeliveryFacts submitted() throws CryptoException {
        var facts = sealed();
        stores.outbox.accepted(facts.id(), 0, 2);
        return facts;
    }

    private List<DeliveryId> waiting() {
        return stores.outbox.waiting(100).stream().map(Waiting::id).toList();
    }

    private Optional<Bytes> content(DeliveryId id) {
        return stores.jdbc
                .sql("SELECT encoded FROM envelope WHERE delivery = :id AND idx = 0 AND encoded IS NOT NULL")
                .param("id", id.toString())
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .optional();
    }

    private OutboxDelivery find(DeliveryFacts facts) {
        return stores.deliveries.find(facts.id()).orElseThrow();
    }

    @Test
    void stored_facts_are_read_unchanged() {
        for (var domain : List.of(
                new Domain.Ring(128, 64),
                new Domain.Ring(64, 64),
                new Domain.PrimeField(BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19))))) {
            var facts = facts(domain);
            stores.handOvers.open(header(facts), List.of());
            assertThat(find(facts).facts()).isEqualTo(facts);
            assertThat(find(facts).state()).isEqualTo(DeliveryState.OPEN);
        }
    }

    @Test
    void an_unreadable_row_is_skipped_in_lists_and_counted() throws CryptoException {
        var bad = sealed();
        var good = sealed();
        var open = facts();
        stores.handOvers.open(header(open), List.of());
        stores.spoil(bad.id(), "header", new byte[] {1});
        var badOpen = facts();
        stores.handOvers.open(header(badOpen), List.of());
        stores.spoil(badOpen.id(), "id", "53b9abd5dfc3b9ff2723a929934da8c3-1000000000000000000");

        assertThat(stores.deliveries.after(0, 1))
                .extracting(OutboxDelivery::facts)
                .containsExactly(good);
        assertThat(stores.deliveries.after(number(bad.id()), 1))
                .extracting(OutboxDelivery::facts)
                .containsExactly(good);
        assertThat(stores.handOvers.openHere()).containsExactly(open.id());
        assertThat(stores.meters.counter("shareferry.rows.unreadable").count()).isEqualTo(2);
    }

    @Test
    void an_id_can_be_opened_once() {
        var facts = facts();

        assertThat(stores.handOvers.open(header(facts), List.of())).isTrue();
        assertThat(stores.handOvers.open(header(facts), List.of())).isFalse();
    }

    @Test
    void a_second_envelope_for_a_place_is_rejected() throws CryptoException {
        var facts = facts();
        stores.handOvers.open(header(facts), List.of());
        var first = envelope(facts, FIRST);
        var second = envelope(facts, FIRST);
        stores.handOvers.add(facts, List.of(sealed(first)));

        assertThatThrownBy(() -> stores.handOvers.add(facts, List.of(sealed(second))))
                .isInstanceOf(IllegalStateException.class);

        assertThat(content(facts.id())).contains(first.encode());
        assertThat(stores.receipts.envelopes(facts.id(), List.of(FIRST))).containsEntry(FIRST, first.id());
        assertThat(find(facts).sealed()).isEqualTo(1);
    }

    @Test
    void envelopes_cannot_be_added_to_committed_or_unknown_deliveries() throws CryptoException {
        var facts = sealed();
        var late = envelope(facts, FIRST);

        assertThat(stores.handOvers.add(facts, List.of(sealed(late)))).isFalse();
        assertThat(stores.handOvers.add(facts(), List.of(sealed(late)))).isFalse();
    }

    @Test
    void a_committed_delivery_cannot_be_dropped() throws CryptoException {
        var facts = sealed();

        stores.handOvers.drop(facts.id());
        stores.handOvers.dropSince(clock.instant().plus(Duration.ofDays(1)));

        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(waiting()).containsExactly(facts.id());
    }

    @Test
    void an_instance_does_not_change_open_deliveries_of_another() throws CryptoException {
        var other = new Stores(folder, "other", clock);
        var facts = facts();
        other.handOvers.open(header(facts), List.of(sealed(envelope(facts, FIRST))));

        assertThat(stores.handOvers.openHere()).isEmpty();
        assertThat(stores.handOvers.complete(facts, List.of())).isFalse();
        stores.handOvers.drop(facts.id());
        assertThat(other.handOvers.openHere()).containsExactly(facts.id());
        assertThat(content(facts.id())).isPresent();
        assertThat(stores.handOvers.dropSince(clock.instant().plus(Duration.ofDays(1))))
                .isEqualTo(1);
        assertThat(other.handOvers.openHere()).isEmpty();
    }

    @Test
    void a_small_delivery_is_stored_at_its_end_and_a_large_one_in_parts() throws CryptoException {
        var facts = Stores.facts(new Domain.Ring(128, 64), new Shape(3 * 40_000, 40_000));
        var draft = stores.handOvers.draft(facts);

        assertThat(draft.add(envelope(facts, FIRST))).isTrue();
        assertThat(stores.deliveries.find(facts.id())).isEmpty();
        assertThat(draft.add(envelope(facts, SECOND))).isTrue();
        assertThat(find(facts).state()).isEqualTo(DeliveryState.OPEN);
        assertThat(find(facts).sealed()).isEqualTo(2);
        assertThat(waiting()).isEmpty();
        assertThat(draft.add(envelope(facts, new Place(Kind.VALUES, 2)))).isTrue();
        assertThat(draft.complete()).isTrue();

        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(find(facts).sealed()).isEqualTo(3);
        assertThat(waiting()).containsExactly(facts.id());
    }

    @Test
    void a_draft_is_not_stored_if_its_id_was_used_meanwhile() throws CryptoException {
        var facts = facts();
        var draft = stores.handOvers.draft(facts);
        draft.add(envelope(facts, FIRST));
        stores.handOvers.handOver(
                header(facts), List.of(sealed(envelope(facts, FIRST)), sealed(envelope(facts, SECOND))));

        assertThat(draft.complete()).isFalse();
        assertThat(draft.whyLost()).isEqualTo(Draft.Loss.USED_ELSEWHERE);
        draft.drop();

        assertThat(find(facts).sealed()).isEqualTo(2);
    }

    @Test
    void a_repeated_commit_of_a_draft_succeeds() throws CryptoException {
        var facts = facts();
        var draft = stores.handOvers.draft(facts);
        draft.add(envelope(facts, FIRST));
        draft.add(envelope(facts, SECOND));

        assertThat(draft.complete()).isTrue();
        assertThat(draft.complete()).isTrue();

        assertThat(find(facts).sealed()).isEqualTo(2);
        assertThat(waiting()).containsExactly(facts.id());
    }

    @Test
    void waiting_deliveries_are_in_the_order_of_hand_overs_and_held_ones_last() throws CryptoException {
        var held = sealed();
        var first = sealed();
        var second = sealed();
        stores.outbox.hold(
                held.id(), new Refusal("urn:x", "because"), clock.instant().plusSeconds(60));

        assertThat(waiting()).containsExactly(first.id(), second.id());
        clock.advance(Duration.ofSeconds(61));
        assertThat(waiting()).containsExactly(first.id(), second.id(), held.id());
        stores.outbox.hold(
                held.id(), new Refusal("urn:x", "because"), clock.instant().plusSeconds(60));
        assertThat(stores.outbox.offerAgain(Optional.of(first.id()))).isZero();
        assertThat(stores.outbox.offerAgain(Optional.empty())).isOne();
        assertThat(waiting()).containsExactly(held.id(), first.id(), second.id());
        clock.advance(Duration.ofDays(8));
        assertThat(waiting()).as("expired").isEmpty();
    }

    @Test
    void contents_are_read_in_order_up_to_a_size() throws CryptoException {
        var facts = sealed();
        var both = stores.outbox.contents(facts.id(), 0, 10, Long.MAX_VALUE);

        assertThat(both).hasSize(2);
        assertThat(stores.outbox.contents(facts.id(), 0, 10, 1)).containsExactly(both.getFirst());
        assertThat(stores.outbox.contents(facts.id(), 1, 10, Long.MAX_VALUE)).containsExactly(both.getLast());
        assertThat(stores.outbox.contents(facts.id(), 0, 1, Long.MAX_VALUE)).containsExactly(both.getFirst());
        assertThat(stores.outbox.place(facts.id(), 1)).contains(SECOND);
    }

    @Test
    void accepted_envelopes_are_counted_from_the_first_one() throws CryptoException {
        var facts = sealed();

        stores.outbox.accepted(facts.id(), 0, 1);
        stores.outbox.accepted(facts.id(), 0, 1);

        assertThat(find(facts).submitted()).isEqualTo(1);
        assertThat(stores.outbox.waiting(1)).containsExactly(new Waiting(facts.id(), 1, 2));
        stores.outbox.accepted(facts.id(), 1, 1);
        assertThat(find(facts).state()).isEqualTo(DeliveryState.SUBMITTED);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void a_restarted_submission_ignores_outcomes_of_earlier_requests() throws CryptoException {
        var facts = sealed();
        stores.outbox.accepted(facts.id(), 0, 1);
        var last = stores.receipts.acceptedAfter(0, 9);
        assertThat(stores.receipts.envelopes(facts.id(), List.of(FIRST)))
                .containsEntry(FIRST, last.getFirst().envelope());

        assertThat(stores.outbox.submitAgain(facts.id())).isTrue();
        stores.outbox.accepted(facts.id(), 1, 1);

        assertThat(stores.outbox.waiting(1)).containsExactly(new Waiting(facts.id(), 0, 2));
        assertThat(stores.receipts.acceptedAfter(0, 9)).isEmpty();
    }

    @Test
    void a_receipt_counts_once_for_each_envelope() throws CryptoException {
        var facts = submitted();

        assertThat(stores.receipts.received(facts.id(), List.of(FIRST), RECEIPT))
                .isTrue();
        assertThat(stores.receipts.received(facts.id(), List.of(FIRST), RECEIPT))
                .isFalse();

        assertThat(find(facts).received()).isEqualTo(1);
        assertThat(stores.receipts.receipts(facts.id(), 0, 10)).containsExactly(RECEIPT);
        assertThat(stores.receipts.received(facts.id(), List.of(FIRST, SECOND), RECEIPT))
                .isTrue();
        assertThat(find(facts).received()).isEqualTo(2);
        assertThat(find(facts).state()).isEqualTo(DeliveryState.RECEIVED);
        assertThat(stores.receipts.received(facts.id(), List.of(SECOND), RECEIPT))
                .isFalse();
        assertThat(stores.receipts.receipts(facts.id(), 0, 10)).hasSize(2);
    }

    @Test
    void a_receipt_for_all_envelopes_ends_a_delivery_once() throws CryptoException {
        var facts = submitted();
        stores.receipts.received(facts.id(), List.of(FIRST), RECEIPT);

        assertThat(stores.receipts.receivedWhole(facts.id(), RECEIPT)).isTrue();
        assertThat(stores.receipts.receivedWhole(facts.id(), RECEIPT)).isFalse();

        assertThat(find(facts).state()).isEqualTo(DeliveryState.RECEIVED);
        assertThat(find(facts).received()).isEqualTo(2);
        assertThat(stores.receipts.receipts(facts.id(), 0, 10)).hasSize(2);
    }

    @Test
    void a_receipt_after_the_expiry_makes_the_delivery_received() throws CryptoException {
        var whole = sealed();
        var parts = submitted();
        stores.outbox.expire(whole.id().toString());
        stores.outbox.expire(parts.id().toString());

        stores.receipts.receivedWhole(whole.id(), RECEIPT);
        stores.receipts.received(parts.id(), List.of(FIRST), RECEIPT);
        assertThat(find(parts).state()).isEqualTo(DeliveryState.EXPIRED);
        stores.receipts.received(parts.id(), List.of(SECOND), RECEIPT);

        assertThat(find(whole).state()).isEqualTo(DeliveryState.RECEIVED);
        assertThat(find(whole).submitted()).isEqualTo(2);
        assertThat(find(parts).state()).isEqualTo(DeliveryState.RECEIVED);
    }

    @Test
    void the_feed_position_is_stored_for_each_relay() {
        stores.receipts.read("R0", new Position("feed", 1));
        stores.receipts.read("R0", new Position("feed", 7));

        assertThat(stores.receipts.position("R0")).isEqualTo(new Position("feed", 7));
        assertThat(stores.receipts.position("R1")).isEqualTo(Position.START);
    }

    @Test
    void last_accepted_envelopes_without_receipts_are_listed_in_pages() throws CryptoException {
        sealed();
        var first = submitted();
        var second = submitted();
        received();

        var page = stores.receipts.acceptedAfter(0, 1);

        assertThat(page).extracting(LastAccepted::delivery).containsExactly(first.id());
        assertThat(stores.receipts.envelopes(first.id(), List.of(SECOND)))
                .containsEntry(SECOND, page.getFirst().envelope());
        assertThat(stores.receipts.acceptedAfter(page.getFirst().number(), 9))
                .extracting(LastAccepted::delivery)
                .containsExactly(second.id());
    }

    @Test
    void an_ended_delivery_does_not_change() throws CryptoException {
        var facts = sealed();
        var why = new Refusal("urn:x", "because");
        stores.outbox.refuse(facts.id(), why);

        stores.outbox.expire(facts.id().toString());
        stores.outbox.accepted(facts.id(), 0, 2);
        stores.outbox.bundled(facts.id());
        stores.outbox.refuse(facts.id(), new Refusal("urn:y", "other"));

        assertThat(find(facts).state()).isEqualTo(DeliveryState.REFUSED);
        assertThat(find(facts).refusal()).isEqualTo(Optional.of(why));
    }

    @Test
    void overdue_deliveries_are_found_until_they_end() throws CryptoException {
        var waiting = sealed();
        var submitted = submitted();
        received();
        assertThat(stores.outbox.overdue(10)).isEmpty();
        clock.advance(Duration.ofDays(8));

        assertThat(stores.outbox.overdue(10))
                .containsExactlyInAnyOrder(
                        waiting.id().toString(), submitted.id().toString());
        stores.outbox.overdue(10).forEach(stores.outbox::expire);

        assertThat(stores.outbox.overdue(10)).isEmpty();
        assertThat(find(submitted).state()).isEqualTo(DeliveryState.EXPIRED);
    }

    @Test
    void a_held_delivery_has_a_reason_is_counted_separately_and_can_continue() throws CryptoException {
        var facts = sealed();
        var other = sealed();
        var why = new Refusal("/problem-types#clock-skew", "in the future");

        stores.outbox.hold(facts.id(), why, clock.instant());

        assertThat(find(facts).isHeld()).isTrue();
        assertThat(find(facts).stateText()).isEqualTo("held");
        assertThat(find(facts).refusal()).contains(why);
        assertThat(stores.deliveries.countHeld()).isOne();
        assertThat(stores.deliveries.countIn(DeliveryState.SEALED)).isOne();
        stores.outbox.release(facts.id());
        stores.outbox.release(other.id());
        assertThat(find(facts).stateText()).isEqualTo("sealed");
        assertThat(find(facts).refusal()).isEmpty();
    }

    @Test
    void an_ended_delivery_cannot_be_held() throws CryptoException {
        var facts = sealed();
        stores.outbox.expire(facts.id().toString());

        stores.outbox.hold(facts.id(), new Refusal("urn:x", "because"), clock.instant());

        assertThat(find(facts).stateText()).isEqualTo("expired");
        assertThat(stores.deliveries.countHeld()).isZero();
    }

    /// Earlier versions ended deliveries that were refused because of a setting or a clock.
    @Test
    void deliveries_that_an_earlier_version_refused_for_a_curable_cause_are_held() throws CryptoException {
        stores.jdbc
                .sql("DELETE FROM flyway_schema_history WHERE version = '1.30'")
                .update();
        var curable = sealed();
        var removed = sealed();
        var wrong = sealed();
        stores.outbox.accepted(curable.id(), 0, 1);
        stores.outbox.refuse(curable.id(), new Refusal("urn:shareferry:problem:parties-differ", "three parties"));
        stores.outbox.refuse(removed.id(), new Refusal("about:blank", "it gave no reason"));
        stores.outbox.refuse(wrong.id(), new Refusal("urn:shareferry:problem:signature-wrong", "wrong"));
        stores.jdbc
                .sql("UPDATE envelope SET encoded = NULL WHERE delivery = :id")
                .param("id", removed.id().toString())
                .update();

        stores.toOldNames();
        stores.migrate("latest");

        assertThat(find(curable).isHeld()).isTrue();
        assertThat(find(curable).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(find(removed).state()).isEqualTo(DeliveryState.REFUSED);
        assertThat(find(wrong).state()).isEqualTo(DeliveryState.REFUSED);
    }

    /// Unfinished deliveries from before header fields 20 to 22 cannot be delivered.
    @Test
    void deliveries_of_an_earlier_version_continue() throws Exception {
        var former = new Stores(Files.createDirectory(folder.resolve("former")), "main", clock);
        former.migrate("1.45");
        former.jdbc.sql("""
                        INSERT INTO delivery (id, recipient, value_count, values_per_chunk, domain, scheme,
                            fixed_precision, label, parties, protocol, macs_checked, state, holder, created, changed,
                            expires, sealed, submitted, received, number)
                        VALUES
                            ('53b9abd5dfc3b9ff2723a929934da8c3-0', 'C0', 2, 1, 'ring 128/64', 'additive', 0, 0, 'P0 P1',
                                'spdz2k', FALSE, 'sealed', 'main', 1, 1, 9000000000000, 2, 1, 0, 1),
                            ('53b9abd5dfc3b9ff2723a929934da8c3-1', 'C0', 2, 1, 'ring 128/64', 'additive', 0, 0, 'P0 P1',
                                'spdz2k', FALSE, 'submitted', 'main', 1, 1, 9000000000000, 2, 2, 1, 2)
                        """).update();
        former.jdbc.sql("""
                        INSERT INTO envelope (delivery, recipient, kind, chunk, envelope_id, content, state, receipt,
                            receipt_signature)
                        SELECT id, 'C0', 0, chunk, :blob, :blob, 'submitted',
                            CASE WHEN number = 2 AND chunk = 1 THEN :blob END,
                            CASE WHEN number = 2 AND chunk = 1 THEN :blob END
                        FROM delivery, (SELECT 0 AS chunk UNION ALL SELECT 1) AS chunks
                        """).param("blob", new byte[32]).update();

        former.migrate("1.60");
        former.toNewNames();

        var first = DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0");
        var second = DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-1");
        assertThat(former.outbox.waiting(10)).containsExactly(new Waiting(first, 0, 2));
        assertThat(former.outbox.contents(first, 0, 10, Long.MAX_VALUE)).hasSize(2);
        assertThat(former.receipts.receipts(second, 0, 10)).hasSize(1);
        assertThat(former.receipts.received(second, List.of(SECOND), RECEIPT)).isFalse();
        assertThat(former.receipts.received(second, List.of(FIRST), RECEIPT)).isTrue();
        assertThat(state(former, second)).isEqualTo("received");

        former.toOldNames();
        former.migrate("latest");

        assertThat(state(former, first)).isEqualTo("refused");
        assertThat(former.outbox.waiting(10)).isEmpty();
        assertThat(former.deliveries.find(second).orElseThrow().state()).isEqualTo(DeliveryState.RECEIVED);
    }

    @Test
    void headers_are_made_from_the_columns_of_an_earlier_version() throws Exception {
        var former = new Stores(Files.createDirectory(folder.resolve("facts")), "main", clock);
        former.migrate("1.140");
        former.jdbc
                .sql("""
                        INSERT INTO delivery (id, recipient, value_count, values_per_chunk, domain, scheme,
                            fixed_precision, label, parties, protocol, macs_checked, rerandomised, threshold, bits,
                            program, state, holder, created, changed, expires, sealed, submitted, received, number)
                        VALUES
                            ('53b9abd5dfc3b9ff2723a929934da8c3-0', 'C7', 3, 2, 'ring 128/64', 'input', 5, -9,
                                'P0 P1 P10', 'spdz2k', TRUE, TRUE, 2, 32, :program, 'received', 'main', 1, 1, 2,
                                2, 2, 2, 1),
                            ('53b9abd5dfc3b9ff2723a929934da8c3-1', 'C7', 3, 2, 'ring 128/64', 'additive', 0, 0,
                                'P0 P1', 'mascot', FALSE, FALSE, 1, 0, '', 'received', 'main', 1, 1, 2, 2, 2, 2, 2),
                            ('53b9abd5dfc3b9ff2723a929934da8c3-2', 'C7', 3, 2, 'ring 0/0', 'additive', 0, 0,
                                'P0 P1', 'spdz2k', FALSE, FALSE, 1, 0, '', 'received', 'main', 1, 1, 2, 2, 2, 2, 3),
                            ('53b9abd5dfc3b9ff2723a929934da8c3-3', 'C7', 3, 2, 'ring 128/64', 'additive', 0, 0,
                                'P0 P1', 'spdz2k', FALSE, FALSE, 1, 0, '', 'open', 'main', 1, 1, 2, 1, 0, 0, NULL)
                        """)
                .param("program", Sha256.of(Bytes.empty()).toArray())
                .update();

        former.migrate("latest");

        var facts = former.deliveries.after(0, 10).stream()
                .map(OutboxDelivery::facts)
                .toList();
        assertThat(facts.getFirst())
                .isEqualTo(new DeliveryFacts(
                        DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0"),
                        new Shape(3, 2),
                        new Domain.Ring(128, 64),
                        Scheme.INPUT,
                        5,
                        -9,
                        MemberName.client(7),
                        List.of(MemberName.party(0), MemberName.party(1), MemberName.party(10)),
                        "spdz2k",
                        true,
                        true,
                        2,
                        32,
                        Sha256.of(Bytes.empty())));
        assertThat(facts.getLast().protocol())
                .as("a protocol that does not compute in this domain")
                .isEqualTo("unknown");
        assertThat(facts).as("rows that can be read").hasSize(2);
        assertThat(former.meters.counter("shareferry.rows.unreadable").count()).isOne();
        assertThat(former.deliveries.findReadable(DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-2")))
                .as("a delivery in a ring of no bits")
                .isEmpty();
        var open = former.deliveries
                .find(DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-3"))
                .orElseThrow();
        assertThat(open.state()).isEqualTo(DeliveryState.OPEN);
        assertThat(open.facts().shape()).isEqualTo(new Shape(3, 2));
    }

    private static String state(Stores stores, DeliveryId id) {
        return stores.jdbc
                .sql("SELECT state FROM delivery WHERE id = :id")
                .param("id", id.toString())
                .query(String.class)
                .single();
    }

    @Test
    void envelopes_of_an_earlier_format_are_refused_and_received_ones_are_kept() throws Exception {
        var former = new Stores(Files.createDirectory(folder.resolve("format")), "main", clock);
        former.migrate("1.40");
        former.jdbc.sql("""
                        INSERT INTO delivery (id, recipient, value_count, values_per_chunk, domain, scheme,
                            fixed_precision, label, parties, protocol, macs_checked, state, holder, created, changed,
                            expires, sealed, submitted, received, number)
                        VALUES
                            ('53b9abd5dfc3b9ff2723a929934da8c3-0', 'C0', 1, 1, 'ring 128/64', 'batched', 0, 0, 'P0 P1',
                                'spdz2k', FALSE, 'submitted', 'main', 1, 1, 9000000000000, 2, 2, 0, 1),
                            ('53b9abd5dfc3b9ff2723a929934da8c3-1', 'C0', 1, 1, 'ring 128/64', 'batched', 0, 0, 'P0 P1',
                                'spdz2k', FALSE, 'received', 'main', 1, 1, 9000000000000, 2, 2, 2, 2)
                        """).update();
        former.jdbc.sql("""
                        INSERT INTO envelope (delivery, recipient, kind, chunk, envelope_id, content, state, receipt,
                            receipt_signature)
                        SELECT id, 'C0', kind, 0, :blob, :blob, 'submitted', :blob, :blob
                        FROM delivery, (SELECT 0 AS kind UNION ALL SELECT 2) AS kinds
                        """).param("blob", new byte[32]).update();

        former.migrate("latest");

        var refused = former.deliveries
                .find(DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0"))
                .orElseThrow();
        assertThat(refused.state()).isEqualTo(DeliveryState.REFUSED);
        assertThat(refused.refusal().orElseThrow().type()).isEqualTo("/problem-types#envelope-malformed");
        assertThat(former.outbox.waiting(10)).isEmpty();
        var received = DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-1");
        assertThat(former.deliveries.find(received).orElseThrow().state()).isEqualTo(DeliveryState.RECEIVED);
        assertThat(former.receipts.receipts(received, 0, 10)).hasSize(1);
    }

    @Test
    void a_restarted_submission_begins_at_zero_and_keeps_its_receipts() throws CryptoException {
        var facts = submitted();
        var contents = stores.outbox.contents(facts.id(), 0, 2, Long.MAX_VALUE);
        stores.receipts.received(facts.id(), List.of(FIRST), RECEIPT);

        assertThat(stores.outbox.submitAgain(facts.id())).isTrue();
        assertThat(stores.outbox.submitAgain(facts.id())).isFalse();

        assertThat(stores.outbox.waiting(1)).containsExactly(new Waiting(facts.id(), 0, 2));
        assertThat(stores.outbox.contents(facts.id(), 0, 2, Long.MAX_VALUE)).isEqualTo(contents);
        assertThat(find(facts).received()).isOne();
        assertThat(stores.receipts.receipts(facts.id(), 0, 10)).hasSize(1);
    }

    @Test
    void an_ended_delivery_is_not_submitted_again() throws CryptoException {
        var facts = received();

        assertThat(stores.outbox.submitAgain(facts.id())).isFalse();

        assertThat(find(facts).state()).isEqualTo(DeliveryState.RECEIVED);
    }

    @Test
    void only_a_submitted_delivery_becomes_bundled() throws CryptoException {
        var facts = sealed();

        stores.outbox.bundled(facts.id());

        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
    }

    @Test
    void retention_removes_only_bytes_of_ended_deliveries() throws CryptoException {
        var going = sealed();
        var ended = sealed();
        stores.outbox.expire(ended.id().toString());

        removeContent(clock.instant().plus(Duration.ofDays(1)));

        assertThat(content(going.id())).isPresent();
        assertThat(content(ended.id())).isEmpty();
        assertThat(stores.receipts.envelopes(ended.id(), List.of(FIRST))).hasSize(1);
    }

    private void removeContent(Instant endedBefore) {
        while (stores.retention.removeSomeContent(endedBefore)) {}
    }

    private void forget(Instant endedBefore) {
        while (stores.retention.forgetSome(endedBefore)) {}
    }

    private long rows(String table) {
        return stores.jdbc
                .sql("SELECT COUNT(*) FROM " + table)
                .query(Long.class)
                .single();
    }

    private DeliveryFacts received() throws CryptoException {
        var facts = submitted();
        for (var place : List.of(FIRST, SECOND)) {
            stores.receipts.received(facts.id(), List.of(place), RECEIPT);
        }
        return facts;
    }

    @Test
    void a_retention_step_changes_a_bounded_number_of_envelopes() throws CryptoException {
        var ids = new ArrayList<DeliveryId>();
        for (int i = 0; i < 12; i++) {
            ids.add(received().id());
        }

        assertThat(stores.retention.removeSomeContent(clock.instant().plusMillis(1)))
                .isTrue();

        assertThat(ids.stream().filter(id -> content(id).isPresent()).count()).isBetween(2L, 6L);
    }

    @Test
    void retention_deletes_old_deliveries_with_their_receipts() throws CryptoException {
        var going = sealed();
        var ended = received();
        var later = clock.instant().plus(Duration.ofDays(90));

        forget(later);
        assertThat(stores.deliveries.find(ended.id())).as("with sealed bytes").isPresent();
        removeContent(later);
        forget(clock.instant().minus(Duration.ofDays(1)));
        assertThat(stores.receipts.receipts(ended.id(), 0, 10)).as("too early").hasSize(2);
        forget(later);

        assertThat(stores.deliveries.find(ended.id())).isEmpty();
        assertThat(stores.deliveries.find(going.id())).isPresent();
        assertThat(rows("envelope")).isEqualTo(2);
        assertThat(rows("receipt") + rows("received_place")).isZero();
    }

    @Test
    void the_id_of_a_deleted_delivery_is_never_opened_again() throws CryptoException {
        var ended = received();
        var later = clock.instant().plus(Duration.ofDays(90));
        removeContent(later);
        forget(later);
        clock.advance(Duration.ofDays(3650));

        assertThat(stores.handOvers.draft(ended).whyLost()).isEqualTo(Draft.Loss.ID_SPENT);
        assertThat(stores.handOvers.open(header(ended), List.of())).isFalse();
        assertThat(stores.handOvers.handOver(header(ended), List.of())).isFalse();
        assertThat(stores.deliveries.find(ended.id())).isEmpty();
        assertThat(stores.handOvers.isSpent(
                        new DeliveryId(ended.id().run(), ended.id().sequence() + 1)))
                .isFalse();
        assertThat(rows("spent_run")).isOne();
    }

    private long number(DeliveryId id) {
        return stores.deliveries.number(id).orElseThrow();
    }

    @Test
    void deliveries_are_listed_in_the_order_of_completion() throws CryptoException {
        var slow = facts();
        stores.handOvers.open(header(slow), List.of(sealed(envelope(slow, FIRST))));
        clock.advance(Duration.ofSeconds(1));
        var quick = sealed();

        assertThat(stores.deliveries.after(0, 10))
                .extracting(delivery -> delivery.facts().id())
                .containsExactly(quick.id());
        assertThat(stores.deliveries.number(slow.id())).as("while it is open").isEmpty();
        clock.advance(Duration.ofHours(-1));
        stores.handOvers.complete(slow, List.of());

        assertThat(stores.deliveries.after(number(quick.id()), 10))
                .extracting(delivery -> delivery.facts().id())
                .containsExactly(slow.id());
        assertThat(stores.deliveries.countIn(DeliveryState.SEALED)).isEqualTo(2);
        assertThat(stores.deliveries.countIn(DeliveryState.OPEN)).isZero();
    }

    @Test
    void a_delivery_expires_one_lifetime_after_its_start() {
        var facts = facts();
        Instant before = clock.instant();
        stores.handOvers.open(header(facts), List.of());

        assertThat(find(facts).expires())
                .isBetween(
                        before.plus(Duration.ofDays(7)).minusMillis(1),
                        clock.instant().plus(Duration.ofDays(7)));
    }
}
