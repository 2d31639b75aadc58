// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
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
import org.shareferry.party.HandOverBody;
import org.shareferry.party.PartyProperties;
import org.shareferry.party.SettableClock;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxTest {
    private static final MemberName P1 = MemberName.party(1);
    private static final MemberName C0 = MemberName.client(0);
    private static final Place FIRST = new Place(Kind.VALUES, 0);
    private static final Place SECOND = new Place(Kind.VALUES, 1);
    private static final SignedReceipt RECEIPT = new SignedReceipt(Bytes.ascii("receipt"), Bytes.ascii("signature"));

    private final SettableClock clock = new SettableClock();
    private final IdentityKey identity = IdentityKey.generate();
    private final OpeningKey client = OpeningKey.generate();

    @TempDir
    private Path folder = Path.of("");

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private Stores stores = new Stores("main", folder);

    /// The stores of one instance of the service on the same database.
    private final class Stores {
        private final HandOverStore handOvers;
        private final Outbox outbox;
        private final Deliveries deliveries;
        private final RetentionStore retention;
        private final JdbcClient jdbc;

        Stores(String instance, Path folder) {
            var source = TestDatabase.source(folder.resolve("party.db"));
            jdbc = JdbcClient.create(source);
            var transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
            var rows = new ReadableRows(meters);
            handOvers = new HandOverStore(
                    jdbc,
                    rows,
                    transactions,
                    bind("shareferry", ServiceProperties.class, instance),
                    bind("shareferry.party", PartyProperties.class, instance),
                    clock);
            outbox = new Outbox(jdbc, transactions, clock);
            deliveries = new Deliveries(jdbc, rows);
            retention = new RetentionStore(jdbc, transactions);
        }
    }

    private static <T> T bind(String prefix, Class<T> type, String instance) {
        var source = new MapConfigurationPropertySource();
        source.put("shareferry.member", "P1");
        source.put("shareferry.roster", "roster.json");
        source.put("shareferry.identity-key", "identity");
        source.put("shareferry.party.protocol", "spdz2k");
        source.put("shareferry.party.instance", instance);
        return new Binder(source).bind(prefix, type).get();
    }

    @BeforeEach
    void migrate() {
        Flyway.configure()
                .dataSource(TestDatabase.source(folder.resolve("party.db")))
                .locations("classpath:db/shareferry", "classpath:db/migration")
                .outOfOrder(true)
                .load()
                .migrate();
        stores = new Stores("main", folder);
    }

    private static DeliveryFacts facts(Domain domain) {
        return new DeliveryFacts(
                HandOverBody.freshId(),
                new Shape(2, 1),
                domain,
                Scheme.ADDITIVE,
                3,
                -9,
                C0,
                List.of(MemberName.party(0), P1),
                domain instanceof Domain.PrimeField ? "mascot" : "spdz2k",
                false,
                true);
    }

    private static DeliveryFacts facts() {
        return facts(new Domain.Ring(128, 64));
    }

    private Envelope envelope(DeliveryFacts facts, Place place) throws CryptoException {
        var header = new Header(
                facts, place, P1, identity.publicKey().id(), client.sealingKey().id(), clock.instant());
        return new EnvelopeSealer(P1, identity)
                .seal(header, client.sealingKey(), SecretBytes.random(header.bodySize()));
    }

    private DeliveryFacts sealed() throws CryptoException {
        var facts = facts();
        assertThat(stores.handOvers.open(facts)).isTrue();
        assertThat(stores.handOvers.add(envelope(facts, FIRST))).isTrue();
        assertThat(stores.handOvers.add(envelope(facts, SECOND))).isTrue();
        assertThat(stores.handOvers.commit(facts.id())).isTrue();
        return facts;
    }

    private OutboxDelivery find(DeliveryFacts facts) {
        return stores.deliveries.find(facts.id()).orElseThrow();
    }

    @Test
    void the_facts_come_back_as_they_went_in() {
        for (var domain : List.of(
                new Domain.Ring(128, 64),
                new Domain.Ring(64, 64),
                new Domain.PrimeField(BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19))))) {
            var facts = facts(domain);
            stores.handOvers.open(facts);
            assertThat(find(facts).facts()).isEqualTo(facts);
            assertThat(find(facts).state()).isEqualTo(DeliveryState.OPEN);
        }
    }

    @Test
    void a_row_that_cannot_be_read_is_left_out_of_lists_and_counted() throws CryptoException {
        var bad = sealed();
        var good = sealed();
        var open = facts();
        stores.handOvers.open(open);
        spoil(bad, "domain", "ring 0/0");
        var badOpen = facts();
        stores.handOvers.open(badOpen);
        spoil(badOpen, "id", "53b9abd5dfc3b9ff2723a929934da8c3-1000000000000000000");

        assertThat(stores.deliveries.after(0, 1))
                .extracting(OutboxDelivery::facts)
                .containsExactly(good);
        assertThat(stores.deliveries.after(number(bad.id()), 1))
                .extracting(OutboxDelivery::facts)
                .containsExactly(good);
        assertThat(stores.handOvers.openHere()).containsExactly(open.id());
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(2);
    }

    private void spoil(DeliveryFacts facts, String column, String text) {
        stores.jdbc
                .sql("UPDATE delivery SET " + column + " = :text WHERE id = :id")
                .param("text", text)
                .param("id", facts.id().toString())
                .update();
    }

    @Test
    void an_id_is_opened_once() {
        var facts = facts();

        assertThat(stores.handOvers.open(facts)).isTrue();
        assertThat(stores.handOvers.open(facts)).isFalse();
    }

    @Test
    void a_place_holds_one_envelope_and_the_first_one_stays() throws CryptoException {
        var facts = facts();
        stores.handOvers.open(facts);
        var first = envelope(facts, FIRST);
        var second = envelope(facts, FIRST);
        stores.handOvers.add(first);

        assertThatThrownBy(() -> stores.handOvers.add(second)).isInstanceOf(IllegalStateException.class);

        assertThat(stores.outbox.content(facts.id(), FIRST)).contains(first.encode());
        assertThat(stores.outbox.envelopeAt(facts.id(), FIRST)).contains(first.id());
        assertThat(find(facts).sealed()).isEqualTo(1);
    }

    @Test
    void nothing_is_added_to_what_is_committed_or_unknown() throws CryptoException {
        var facts = sealed();
        var late = envelope(facts, FIRST);

        assertThat(stores.handOvers.add(late)).isFalse();
        assertThat(stores.handOvers.add(envelope(facts(), FIRST))).isFalse();
    }

    @Test
    void what_is_committed_is_not_dropped() throws CryptoException {
        var facts = sealed();

        stores.handOvers.drop(facts.id());
        stores.handOvers.dropSince(clock.instant().plus(Duration.ofDays(1)));

        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(stores.outbox.unsubmitted(facts.id(), 10)).containsExactly(FIRST, SECOND);
    }

    @Test
    void an_instance_leaves_the_open_deliveries_of_another_alone() throws CryptoException {
        var other = new Stores("other", folder);
        var facts = facts();
        other.handOvers.open(facts);
        other.handOvers.add(envelope(facts, FIRST));

        assertThat(stores.handOvers.openHere()).isEmpty();
        assertThat(stores.handOvers.commit(facts.id())).isFalse();
        stores.handOvers.drop(facts.id());
        assertThat(other.handOvers.openHere()).containsExactly(facts.id());
        assertThat(stores.outbox.content(facts.id(), FIRST)).isPresent();
        assertThat(stores.handOvers.dropSince(clock.instant().plus(Duration.ofDays(1))))
                .isEqualTo(1);
        assertThat(other.handOvers.openHere()).isEmpty();
    }

    @Test
    void an_envelope_counts_once_however_often_it_is_submitted() throws CryptoException {
        var facts = sealed();

        stores.outbox.submitted(facts.id(), FIRST);
        stores.outbox.submitted(facts.id(), FIRST);

        assertThat(find(facts).submitted()).isEqualTo(1);
        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(stores.outbox.unsubmitted(facts.id(), 10)).containsExactly(SECOND);
        stores.outbox.submitted(facts.id(), SECOND);
        assertThat(find(facts).state()).isEqualTo(DeliveryState.SUBMITTED);
    }

    @Test
    void a_receipt_counts_once_and_only_for_what_was_submitted() throws CryptoException {
        var facts = sealed();
        stores.outbox.submitted(facts.id(), FIRST);

        assertThat(stores.outbox.received(facts.id(), FIRST, RECEIPT)).isTrue();
        assertThat(stores.outbox.received(facts.id(), FIRST, RECEIPT)).isFalse();
        assertThat(stores.outbox.received(facts.id(), SECOND, RECEIPT)).isFalse();

        assertThat(find(facts).received()).isEqualTo(1);
        assertThat(stores.deliveries.receipts(facts.id(), 0, 10))
                .singleElement()
                .satisfies(stored -> assertThat(stored.receipt()).isEqualTo(RECEIPT));
    }

    @Test
    void what_has_ended_stays_as_it_ended() throws CryptoException {
        var facts = sealed();
        var why = new Refusal("urn:x", "because");
        stores.outbox.refuse(facts.id(), why);

        stores.outbox.expire(facts.id());
        stores.outbox.submitted(facts.id(), FIRST);
        stores.outbox.submitted(facts.id(), SECOND);
        stores.outbox.bundled(facts.id());
        stores.outbox.received(facts.id(), FIRST, RECEIPT);
        stores.outbox.refuse(facts.id(), new Refusal("urn:y", "other"));

        assertThat(find(facts).state()).isEqualTo(DeliveryState.REFUSED);
        assertThat(find(facts).refusal()).isEqualTo(Optional.of(why));
    }

    @Test
    void what_is_held_says_why_counts_apart_and_goes_on() throws CryptoException {
        var facts = sealed();
        var other = sealed();
        var why = new Refusal("urn:shareferry:problem:clock-skew", "in the future");

        stores.outbox.hold(facts.id(), why);

        assertThat(find(facts).isHeld()).isTrue();
        assertThat(find(facts).stateText()).isEqualTo("held");
        assertThat(find(facts).refusal()).contains(why);
        assertThat(stores.deliveries.countHeld()).isOne();
        assertThat(stores.deliveries.countIn(DeliveryState.SEALED)).isOne();
        assertThat(stores.deliveries.held())
                .extracting(delivery -> delivery.facts().id())
                .containsExactly(facts.id());
        assertThat(stores.outbox.unsubmitted(facts.id(), 10)).containsExactly(FIRST, SECOND);
        stores.outbox.release(facts.id());
        stores.outbox.release(other.id());
        assertThat(find(facts).stateText()).isEqualTo("sealed");
        assertThat(find(facts).refusal()).isEmpty();
    }

    @Test
    void what_has_ended_is_not_held() throws CryptoException {
        var facts = sealed();
        stores.outbox.expire(facts.id());

        stores.outbox.hold(facts.id(), new Refusal("urn:x", "because"));

        assertThat(find(facts).stateText()).isEqualTo("expired");
        assertThat(stores.deliveries.countHeld()).isZero();
    }

    /// Earlier versions ended what a setting or a clock had caused.
    @Test
    void what_an_earlier_version_ended_for_a_cause_that_can_be_mended_goes_on() throws CryptoException {
        stores.jdbc
                .sql("DELETE FROM flyway_schema_history WHERE version = '1.30'")
                .update();
        var mendable = sealed();
        var removed = sealed();
        var wrong = sealed();
        stores.outbox.submitted(mendable.id(), FIRST);
        stores.outbox.refuse(mendable.id(), new Refusal("urn:shareferry:problem:parties-differ", "three parties"));
        stores.outbox.refuse(removed.id(), new Refusal("about:blank", "it gave no reason"));
        stores.outbox.refuse(wrong.id(), new Refusal("urn:shareferry:problem:signature-wrong", "wrong"));
        stores.jdbc
                .sql("UPDATE envelope SET content = NULL WHERE delivery = :id")
                .param("id", removed.id().toString())
                .update();

        migrate();

        assertThat(find(mendable).isHeld()).isTrue();
        assertThat(find(mendable).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(find(removed).state()).isEqualTo(DeliveryState.REFUSED);
        assertThat(find(wrong).state()).isEqualTo(DeliveryState.REFUSED);
        assertThat(stores.jdbc
                        .sql("SELECT task_instance FROM scheduled_tasks WHERE task_name = 'submit-envelopes'")
                        .query(String.class)
                        .list())
                .containsExactly(mendable.id().toString());
    }

    @Test
    void what_is_submitted_again_counts_from_zero_with_the_same_bytes_and_keeps_its_receipts() throws CryptoException {
        var facts = sealed();
        var content = stores.outbox.content(facts.id(), FIRST);
        stores.outbox.submitted(facts.id(), FIRST);
        stores.outbox.submitted(facts.id(), SECOND);
        stores.outbox.received(facts.id(), FIRST, RECEIPT);
        clock.advance(Duration.ofSeconds(2));

        assertThat(stores.outbox.submitAgain(facts.id(), clock.instant().minusSeconds(1)))
                .isTrue();

        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
        assertThat(find(facts).submitted()).isZero();
        assertThat(find(facts).received()).isZero();
        assertThat(stores.outbox.unsubmitted(facts.id(), 10)).containsExactly(FIRST, SECOND);
        assertThat(stores.outbox.content(facts.id(), FIRST)).isEqualTo(content);
        assertThat(stores.deliveries.receipts(facts.id(), 0, 10)).hasSize(1);
    }

    @Test
    void nothing_is_submitted_again_too_soon_or_after_the_end() throws CryptoException {
        var facts = sealed();
        stores.outbox.submitted(facts.id(), FIRST);
        stores.outbox.submitted(facts.id(), SECOND);
        assertThat(stores.outbox.submitAgain(facts.id(), clock.instant().minusSeconds(1)))
                .isFalse();
        stores.outbox.received(facts.id(), FIRST, RECEIPT);
        stores.outbox.received(facts.id(), SECOND, RECEIPT);
        clock.advance(Duration.ofSeconds(2));

        assertThat(stores.outbox.submitAgain(facts.id(), clock.instant().minusSeconds(1)))
                .isFalse();

        assertThat(find(facts).state()).isEqualTo(DeliveryState.RECEIVED);
    }

    @Test
    void bundled_comes_after_submitted_only() throws CryptoException {
        var facts = sealed();

        stores.outbox.bundled(facts.id());

        assertThat(find(facts).state()).isEqualTo(DeliveryState.SEALED);
    }

    @Test
    void only_the_bytes_of_ended_deliveries_are_removed() throws CryptoException {
        var going = sealed();
        var ended = sealed();
        stores.outbox.expire(ended.id());

        removeContent(clock.instant().plus(Duration.ofDays(1)));

        assertThat(stores.outbox.content(going.id(), FIRST)).isPresent();
        assertThat(stores.outbox.content(ended.id(), FIRST)).isEmpty();
        assertThat(stores.outbox.envelopeAt(ended.id(), FIRST)).isPresent();
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
        var facts = sealed();
        for (var place : List.of(FIRST, SECOND)) {
            stores.outbox.submitted(facts.id(), place);
            stores.outbox.received(facts.id(), place, RECEIPT);
        }
        return facts;
    }

    @Test
    void a_step_of_retention_touches_a_bounded_number_of_envelopes() throws CryptoException {
        var ids = new ArrayList<DeliveryId>();
        for (int i = 0; i < 12; i++) {
            ids.add(received().id());
        }

        assertThat(stores.retention.removeSomeContent(clock.instant().plusMillis(1)))
                .isTrue();

        assertThat(ids.stream()
                        .filter(id -> stores.outbox.content(id, FIRST).isPresent())
                        .count())
                .isBetween(2L, 6L);
    }

    @Test
    void what_ended_long_ago_goes_with_its_receipts_and_nothing_else_does() throws CryptoException {
        var going = sealed();
        var ended = received();
        var later = clock.instant().plus(Duration.ofDays(90));

        forget(later);
        assertThat(stores.deliveries.find(ended.id())).as("with sealed bytes").isPresent();
        removeContent(later);
        forget(clock.instant().minus(Duration.ofDays(1)));
        assertThat(stores.deliveries.receipts(ended.id(), 0, 10))
                .as("too early")
                .hasSize(2);
        forget(later);

        assertThat(stores.deliveries.find(ended.id())).isEmpty();
        assertThat(stores.deliveries.find(going.id())).isPresent();
        assertThat(rows("envelope")).isEqualTo(2);
    }

    @Test
    void an_id_is_never_opened_again_however_long_ago_its_delivery_was_deleted() throws CryptoException {
        var ended = received();
        var later = clock.instant().plus(Duration.ofDays(90));
        removeContent(later);
        forget(later);
        clock.advance(Duration.ofDays(3650));

        assertThat(stores.handOvers.isSpent(ended.id())).isTrue();
        assertThat(stores.handOvers.open(ended)).isFalse();
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
    void a_hand_over_that_took_long_is_listed_after_those_that_were_completed_before_it() throws CryptoException {
        var slow = facts();
        stores.handOvers.open(slow);
        stores.handOvers.add(envelope(slow, FIRST));
        clock.advance(Duration.ofSeconds(1));
        var quick = sealed();

        assertThat(stores.deliveries.after(0, 10))
                .extracting(delivery -> delivery.facts().id())
                .containsExactly(quick.id());
        assertThat(stores.deliveries.number(slow.id())).as("while it is open").isEmpty();
        clock.advance(Duration.ofHours(-1));
        stores.handOvers.commit(slow.id());

        assertThat(stores.deliveries.after(number(quick.id()), 10))
                .extracting(delivery -> delivery.facts().id())
                .containsExactly(slow.id());
        assertThat(stores.deliveries.countIn(DeliveryState.SEALED)).isEqualTo(2);
        assertThat(stores.deliveries.countIn(DeliveryState.OPEN)).isZero();
    }

    @Test
    void a_delivery_expires_a_lifetime_after_its_beginning() {
        var facts = facts();
        Instant before = clock.instant();
        stores.handOvers.open(facts);

        assertThat(find(facts).expires())
                .isBetween(
                        before.plus(Duration.ofDays(7)).minusMillis(1),
                        clock.instant().plus(Duration.ofDays(7)));
    }
}
