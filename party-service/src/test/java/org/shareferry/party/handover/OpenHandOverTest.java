// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.EnvelopesDigest;
import org.shareferry.crypto.Bytes;
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
import org.shareferry.party.HandOverBody;
import org.shareferry.party.PartyHost;
import org.shareferry.party.TestMembers;
import org.shareferry.party.handover.HandOverStart.AlreadyHandedOver;
import org.shareferry.party.handover.HandOverStart.Refused;
import org.shareferry.party.handover.HandOverStart.Started;
import org.shareferry.party.keys.ClientKeys;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.Opening;
import org.shareferry.seal.Opening.Opened;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.share.PairwiseKeys;
import org.springframework.dao.DataAccessException;

/// The core of a hand-over, as the VM's connector uses it.
class OpenHandOverTest {
    /// A chunk of this many values is stored before the hand-over is complete.
    private static final int STORED_AT_ONCE = 65_536;

    private static PartyHost host;

    @BeforeAll
    static void start() throws Exception {
        host = PartyHost.start();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static DeliveryFacts facts(Scheme scheme, long count, int perChunk) {
        return facts(scheme, new Shape(count, perChunk), new Domain.Ring(128, 64), "spdz2k", false);
    }

    private static DeliveryFacts facts(
            Scheme scheme, Shape shape, Domain domain, String protocol, boolean rerandomised) {
        return new DeliveryFacts(
                HandOverBody.freshId(),
                shape,
                domain,
                scheme,
                0,
                0,
                TestMembers.C0,
                List.of(TestMembers.P0, TestMembers.P1),
                protocol,
                true,
                rerandomised,
                1,
                0,
                Bytes.empty());
    }

    private static OpenHandOver begin(DeliveryFacts facts) {
        return switch (host.bean(HandOvers.class).begin(facts, Optional.empty())) {
            case Started started -> started.handOver();
            case AlreadyHandedOver before -> throw new AssertionError("handed over before");
            case Refused refused -> throw new AssertionError(refused.toString());
        };
    }

    private static void seal(OpenHandOver handOver, Kind kind, int index, byte[] content) {
        assertThat(handOver.seal(new Place(kind, index), SecretBytes.copyOf(content)))
                .isEmpty();
    }

    private static byte[] body(Envelope envelope) {
        var sender = host.members().identity(TestMembers.P1).publicKey();
        try (var opener = new EnvelopeOpener(0)) {
            return switch (opener.open(envelope, sender, host.members().clientKey())) {
                case Opened opened -> opened.body().reveal();
                case Opening.Refused refused -> throw new AssertionError(refused.toString());
            };
        }
    }

    /// @return the low 8 of every 16 bytes
    private static byte[] low(byte[] elements) {
        var low = ByteBuffer.allocate(elements.length / 2).order(ByteOrder.LITTLE_ENDIAN);
        var all = ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN);
        while (all.hasRemaining()) {
            low.putLong(all.getLong());
            all.getLong();
        }
        return low.array();
    }

    @Test
    void a_committed_delivery_has_a_digest_between_its_chunks_and_its_closing_words() {
        var facts = facts(Scheme.COMMITTED, 3, 2);
        var x = HandOverBody.random(48);
        var masks = HandOverBody.random(64 * 16);
        try (var handOver = begin(facts)) {
            seal(handOver, Kind.VALUES, 0, Arrays.copyOf(x, 32));
            seal(handOver, Kind.VALUES, 1, joined(Arrays.copyOfRange(x, 32, 48), masks));

            var digest = handOver.digest();

            assertThat(host.relay().submissions(facts.id())).isEmpty();
            var words = new ClosingWords(List.of(digest, digest), List.of(digest, digest), Bytes.of(new byte[64 * 8]))
                    .encode();
            seal(handOver, Kind.CLOSING, 0, words.toArray());
            assertThat(handOver.complete()).isEmpty();
            await().untilAsserted(
                            () -> assertThat(host.relay().envelopes(facts.id())).hasSize(3));
            var sent = host.relay().envelopes(facts.id());
            var expected = new EnvelopesDigest(facts.id(), 1, 2);
            expected.add(at(sent, Kind.VALUES, 0).id());
            expected.add(at(sent, Kind.VALUES, 1).id());
            assertThat(digest).isEqualTo(expected.digest());
            assertThat(body(at(sent, Kind.VALUES, 0))).isEqualTo(low(Arrays.copyOf(x, 32)));
            assertThat(body(at(sent, Kind.VALUES, 1)))
                    .isEqualTo(joined(low(Arrays.copyOfRange(x, 32, 48)), low(masks)));
            assertThat(sent.values().stream().map(Envelope::handOver).distinct())
                    .as("enc, keys and time of all envelopes")
                    .hasSize(1);
            assertThat(body(at(sent, Kind.CLOSING, 0))).isEqualTo(words.toArray());
        }
        assertThat(host.bean(Deliveries.class).find(facts.id())).isPresent();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    private static Envelope at(Map<Place, Envelope> envelopes, Kind kind, int index) {
        return Objects.requireNonNull(envelopes.get(new Place(kind, index)));
    }

    @Test
    void facts_with_rerandomisation_need_pairwise_keys() {
        var facts = facts(Scheme.ADDITIVE, new Shape(1, 1), new Domain.Ring(128, 64), "spdz2k", true);

        assertThatThrownBy(() -> begin(facts)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_element_not_below_the_modulus_is_refused() {
        var prime = new Domain.PrimeField(BigInteger.TWO.pow(127).subtract(BigInteger.ONE));
        var allOnes = new byte[16];
        Arrays.fill(allOnes, (byte) 0xff);
        try (var handOver = begin(facts(Scheme.ADDITIVE, new Shape(1, 1), prime, "mascot", false))) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.elements(5));
            handOver.complete();
        }
        try (var handOver = begin(facts(Scheme.ADDITIVE, new Shape(1, 1), prime, "mascot", false))) {

            var outcome = handOver.seal(new Place(Kind.VALUES, 0), SecretBytes.copyOf(allOnes));

            assertThat(outcome).containsInstanceOf(HandOverRefusal.Unfit.class);
        }
    }

    @Test
    void closing_words_of_the_wrong_size_are_refused() {
        try (var handOver = begin(facts(Scheme.COMMITTED, 1, 1))) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(65 * 16));

            var outcome = handOver.seal(new Place(Kind.CLOSING, 0), SecretBytes.random(17));

            assertThat(outcome).containsInstanceOf(HandOverRefusal.Unfit.class);
        }
    }

    @Test
    void a_refused_chunk_drops_the_whole_hand_over() {
        var facts = facts(Scheme.ADDITIVE, 2, 1);
        var handOver = begin(facts);
        seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));

        var outcome = handOver.seal(new Place(Kind.VALUES, 1), SecretBytes.random(15));

        assertThat(outcome).containsInstanceOf(HandOverRefusal.Unfit.class);
        assertThat(host.bean(Deliveries.class).find(facts.id())).isEmpty();
        assertThatThrownBy(handOver::complete).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closing_without_completing_drops_everything() {
        var facts = facts(Scheme.ADDITIVE, 1, 1);
        try (var handOver = begin(facts)) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));
        }

        assertThat(host.bean(Deliveries.class).find(facts.id())).isEmpty();
    }

    @Test
    void an_incomplete_hand_over_cannot_be_completed() {
        try (var handOver = begin(facts(Scheme.ADDITIVE, 2, 1))) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));

            assertThatThrownBy(handOver::complete).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void places_must_be_sealed_in_the_order_of_the_dialog() {
        try (var committed = begin(facts(Scheme.COMMITTED, 2, 1));
                var batched = begin(facts(Scheme.BATCHED, 2, 1))) {
            var content = SecretBytes.random(16);
            for (var early : List.of(new Place(Kind.VALUES, 1), new Place(Kind.CLOSING, 0))) {
                assertThatThrownBy(() -> committed.seal(early, content)).isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(() -> batched.seal(new Place(Kind.CLOSING, 0), content))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(committed::digest).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(batched::digest).isInstanceOf(IllegalStateException.class);
        }
    }

    /// A VM gets error 1007.
    @Test
    void a_key_revoked_during_a_hand_over_ends_it() {
        var facts = facts(Scheme.ADDITIVE, 2, 1);
        var handOver = begin(facts);
        seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));
        announce(OpeningKey.generate());

        var outcome = handOver.seal(new Place(Kind.VALUES, 1), SecretBytes.random(16));

        announce(host.members().clientKey());
        assertThat(outcome).containsInstanceOf(HandOverRefusal.KeyMissing.class);
        assertThat(stateOf(facts.id())).isEmpty();
    }

    /// The hand-over continues with its key, although another one is current meanwhile.
    @Test
    void a_hand_over_uses_one_key_to_its_end() {
        var facts = facts(Scheme.ADDITIVE, 2, 1);
        try (var handOver = begin(facts)) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));
            announce(OpeningKey.generate(), host.members().clientKey());

            seal(handOver, Kind.VALUES, 1, HandOverBody.random(16));

            announce(host.members().clientKey());
            assertThat(handOver.complete()).isEmpty();
        }
        await().untilAsserted(
                        () -> assertThat(host.relay().envelopes(facts.id())).hasSize(2));
        assertThat(host.relay().envelopes(facts.id()).values().stream()
                        .map(Envelope::handOver)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void a_prepared_key_agreement_is_used_only_for_its_delivery() {
        var facts = facts(Scheme.ADDITIVE, 1, 1);
        var other = facts(Scheme.ADDITIVE, 1, 1);
        var handOvers = host.bean(HandOvers.class);
        try (var prepared = handOvers.prepare(facts.id(), TestMembers.C0).orElseThrow()) {
            for (var delivery : List.of(other, facts)) {
                var begun = (Started) handOvers.begin(delivery, Optional.empty(), Optional.of(prepared));
                try (var handOver = begun.handOver()) {
                    seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));
                    handOver.complete();
                }
                await().untilAsserted(() ->
                        assertThat(host.relay().envelopes(delivery.id())).hasSize(1));
                body(at(host.relay().envelopes(delivery.id()), Kind.VALUES, 0));
            }
        }
    }

    /// Replaces the announcement at the relay and refreshes the party's keys.
    private static void announce(OpeningKey... keys) {
        host.clock().advance(Duration.ofMinutes(20));
        host.relay()
                .announce(Optional.of(host.members().announcement(host.clock().instant(), keys)));
        host.bean(ClientKeys.class).refresh();
    }

    @Test
    void a_place_is_never_sealed_twice() {
        try (var handOver = begin(facts(Scheme.ADDITIVE, 2, 1))) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(16));

            assertThatThrownBy(() -> handOver.seal(new Place(Kind.VALUES, 0), SecretBytes.random(16)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_delivery_cannot_be_handed_over_twice_at_the_same_time() {
        var facts = facts(Scheme.ADDITIVE, 1, 1);
        try (var handOver = begin(facts)) {
            var second = host.bean(HandOvers.class).begin(facts, Optional.empty());

            assertThat(second)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.why()).isInstanceOf(HandOverRefusal.Busy.class));
            assertThat(handOver.facts()).isEqualTo(facts);
        }
    }

    @Test
    void pairwise_keys_of_other_parties_are_refused() {
        var pair = new PairwiseKeys.Pair(SecretBytes.random(16), SecretBytes.random(16));
        var keys = PairwiseKeys.of(
                TestMembers.P1, Map.of(TestMembers.P0, pair, org.shareferry.member.MemberName.party(2), pair));
        var facts = facts(Scheme.ADDITIVE, new Shape(1, 1), new Domain.Ring(128, 64), "spdz2k", true);

        var outcome = host.bean(HandOvers.class).begin(facts, Optional.of(keys));

        assertThat(outcome).isInstanceOf(Refused.class);
    }

    @Test
    void a_hand_over_without_progress_is_dropped() {
        var facts = facts(Scheme.ADDITIVE, 2 * STORED_AT_ONCE, STORED_AT_ONCE);
        try (var handOver = begin(facts)) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(16 * STORED_AT_ONCE));
            assertThat(stateOf(facts.id())).contains(DeliveryState.OPEN);
            host.clock().advance(Duration.ofMinutes(61));
            host.bean(HandOvers.class).dropStale();
            assertThat(stateOf(facts.id())).isEmpty();

            var late = handOver.seal(new Place(Kind.VALUES, 1), SecretBytes.random(16 * STORED_AT_ONCE));

            assertThat(late).containsInstanceOf(HandOverRefusal.Dropped.class);
        }
        assertThat(stateOf(facts.id())).isEmpty();
    }

    @Test
    void a_dropped_hand_over_cannot_be_completed() {
        var facts = facts(Scheme.ADDITIVE, STORED_AT_ONCE, STORED_AT_ONCE);
        try (var handOver = begin(facts)) {
            seal(handOver, Kind.VALUES, 0, HandOverBody.random(16 * STORED_AT_ONCE));
            host.clock().advance(Duration.ofMinutes(61));
            host.bean(HandOvers.class).dropStale();

            assertThat(handOver.complete()).containsInstanceOf(HandOverRefusal.Dropped.class);
        }
        assertThat(stateOf(facts.id())).isEmpty();
    }

    /// A hand-over of at least one stored chunk.
    private static OpenHandOver stored(DeliveryFacts facts) {
        var handOver = begin(facts);
        seal(handOver, Kind.VALUES, 0, HandOverBody.random(16 * STORED_AT_ONCE));
        assertThat(stateOf(facts.id())).contains(DeliveryState.OPEN);
        return handOver;
    }

    /// @return whether the delivery is being handed over
    private static boolean isInProgress(DeliveryId id) {
        var inProgress = host.bean(HandOversInProgress.class);
        boolean isNew = inProgress.begin(id);
        if (isNew) {
            inProgress.end(id);
        }
        return !isNew;
    }

    @Test
    void a_delivery_is_in_progress_until_it_is_dropped() throws Exception {
        var facts = facts(Scheme.ADDITIVE, 2 * STORED_AT_ONCE, STORED_AT_ONCE);
        var handOver = stored(facts);
        Thread closing;
        try (var writer = TestDatabase.source(host.members().database()).getConnection();
                var statement = writer.createStatement()) {
            // Nobody else can write meanwhile.
            writer.setAutoCommit(false);
            statement.executeUpdate("UPDATE hand_over_counter SET last = last");
            closing = Thread.ofVirtual().start(handOver::close);

            await().during(Duration.ofMillis(300)).until(() -> isInProgress(facts.id()));
            writer.rollback();
        }

        closing.join();
        assertThat(isInProgress(facts.id())).isFalse();
        assertThat(stateOf(facts.id())).isEmpty();
    }

    @Test
    void a_hand_over_ends_even_if_the_database_does_not_drop_it() {
        var facts = facts(Scheme.ADDITIVE, 2 * STORED_AT_ONCE, STORED_AT_ONCE);
        var handOver = stored(facts);
        var database = TestDatabase.statements(host.members().database());
        database.sql("CREATE TRIGGER no_drop BEFORE UPDATE OF state ON delivery BEGIN SELECT RAISE(ABORT, 'full'); END")
                .update();

        assertThatThrownBy(handOver::close).isInstanceOf(DataAccessException.class);

        database.sql("DROP TRIGGER no_drop").update();
        assertThat(isInProgress(facts.id())).isFalse();
        handOver.close();
        assertThat(stateOf(facts.id())).as("dropped later").contains(DeliveryState.OPEN);
    }

    private static Optional<DeliveryState> stateOf(DeliveryId id) {
        return host.bean(Deliveries.class).find(id).map(delivery -> delivery.state());
    }
}
