// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.CoinStretch;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.share.ElementVector;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.FaultInjection.Position;
import org.shareferry.standin.FaultInjection.Step;
import org.shareferry.standin.Faults;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;
import tools.jackson.databind.node.ObjectNode;

/// P1 is corrupt: first its VM alone, then its service too. C0 rejects what comes of it and shows no value,
/// and what P0 sees of such a delivery is what it sees of any other.
@Tag("slow")
class CorruptPartyTest {
    private static final Shape THREE = new Shape(3, 2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Bytes ANOTHER_DIGEST = Bytes.of(new byte[32]);
    private static final Bytes ANOTHER_SHARE = Equivocation.SHARE;

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    private final RunId run = freshRun();
    private final DeliveryId id = new DeliveryId(run, 0);

    private List<DialogEnd> runWith(FaultInjection ofFirst, FaultInjection ofSecond) {
        return COMPUTATIONS.run(counting(run, Scheme.COMMITTED, THREE), ofFirst, ofSecond);
    }

    private void assertRejected() throws Exception {
        assertThat(COMPUTATIONS.verdict(run)).isEqualTo("REJECTED");
        assertThat(COMPUTATIONS.shown(id).has("values")).isFalse();
        assertNothingShowsAtP0();
    }

    /// An honest delivery looks the same at P0's service and at its relay.
    private void assertNothingShowsAtP0() throws Exception {
        var honest = new DeliveryId(freshRun(), 0);
        COMPUTATIONS.run(counting(honest.run(), Scheme.COMMITTED, THREE), FaultInjection.NO_FAULTS);
        assertThat(COMPUTATIONS.verdict(honest.run())).isEqualTo("VERIFIED");

        assertThat(withoutTimes((ObjectNode) COMPUTATIONS.received("P0", id)))
                .isEqualTo(withoutTimes((ObjectNode) COMPUTATIONS.received("P0", honest)));
        assertThat(withoutTimes(atRelay(id))).isEqualTo(withoutTimes(atRelay(honest)));
        COMPUTATIONS.site().assertNoVerdictAt("P0", "R0");
    }

    private static ObjectNode atRelay(DeliveryId delivery) {
        return (ObjectNode) COMPUTATIONS.site().get("R0", "/v1/deliveries/" + delivery);
    }

    private static ObjectNode withoutTimes(ObjectNode delivery) {
        return delivery.without(List.of("id", "created", "expires", "firstSeen", "lastChange"));
    }

    @Test
    void shares_changed_before_the_coin_are_rejected() throws Exception {
        var endings = runWith(FaultInjection.NO_FAULTS, Faults.wrongWord(new Position(Step.ELEMENTS, 0, 0), 0));

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertRejected();
    }

    @Test
    void masks_changed_before_the_coin_are_rejected() throws Exception {
        var endings = runWith(FaultInjection.NO_FAULTS, Faults.wrongWord(new Position(Step.MASKS, 0, 0), 2 * 63));

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertRejected();
    }

    @Test
    void a_digest_that_differs_for_the_other_party_is_rejected() throws Exception {
        var telling = new Equivocation(id, 1, Set.of(0), ANOTHER_DIGEST);

        var endings = runWith(FaultInjection.NO_FAULTS, telling);

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertRejected();
    }

    /// P1's own service is told a commitment and a coin share of P0 that fit each other but are not P0's.
    @Test
    void a_forged_coin_share_of_the_other_party_is_rejected() throws Exception {
        var endings = runWith(new Equivocation(id, 0, Set.of(1), ANOTHER_DIGEST), FaultInjection.NO_FAULTS);

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertRejected();
    }

    @Test
    void a_coin_share_that_does_not_match_its_commitment_stops_the_other_party_and_nothing_arrives() {
        var endings = runWith(FaultInjection.NO_FAULTS, new FaultInjection() {
            @Override
            public Bytes tells(Position position, int to, Bytes content) {
                return position.step() == Step.COIN_SHARE ? ANOTHER_SHARE : content;
            }
        });
        COMPUTATIONS.settle();

        assertThat(endings.getFirst()).isEqualTo(new DialogEnd.Stopped(1015));
        assertThat(COMPUTATIONS.isChecked(id)).isFalse();
        assertThat(COMPUTATIONS.isAt("P0", id)).isFalse();
    }

    @Test
    void combinations_that_one_party_signs_differently_are_rejected() throws Exception {
        var endings = runWith(FaultInjection.NO_FAULTS, Faults.wrongWord(new Position(Step.COMBINATIONS, 0, 0), 63));

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertRejected();
    }

    /// Real VMs check MACs before they hand T over; here they do not.
    @Test
    void a_combination_opened_wrongly_is_rejected() throws Exception {
        var endings = runWith(FaultInjection.NO_FAULTS, new FaultInjection() {
            @Override
            public Bytes opens(Position position, Bytes content) {
                return Faults.flipped(content, 0);
            }
        });

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertRejected();
    }

    @Test
    void a_smaller_party_set_named_by_the_vm_is_refused_and_nothing_arrives() {
        var greeting = new Position(Step.GREETING, -1, 0);
        var endings = runWith(FaultInjection.NO_FAULTS, new FaultInjection() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                return position.equals(greeting) ? withOneParty(content) : content;
            }
        });
        COMPUTATIONS.settle();

        assertThat(endings).doesNotContain(new Acknowledged(1));
        assertThat(COMPUTATIONS.isChecked(id)).isFalse();
        assertThat(COMPUTATIONS.isAt("P1", id)).isFalse();
    }

    private static Bytes withOneParty(Bytes greeting) {
        var changed = ByteBuffer.wrap(greeting.toArray()).order(ByteOrder.LITTLE_ENDIAN);
        return Bytes.of(changed.putLong(40, 1).array());
    }

    /// What P1's service does in a computation with an honest P0.
    private interface Plot {
        void carryOut(CorruptService service) throws Exception;
    }

    private void runWith(Plot plot) throws Exception {
        var programs = counting(run, Scheme.COMMITTED, THREE);
        var network = new VmNetwork(2, PATIENCE);
        try (var first = COMPUTATIONS.vm(programs.getFirst(), network, FaultInjection.NO_FAULTS);
                var second = new StandInVm(programs.getLast(), network, FaultInjection.NO_FAULTS, Optional.empty(), 0);
                var service = new CorruptService(COMPUTATIONS.site(), second)) {
            plot.carryOut(service);
            assertThat(first.await(PATIENCE)).isEqualTo(new Acknowledged(1));
        }
    }

    /// The simulated service can complete an honest delivery. So the tests below fail for the
    /// right reason.
    @Test
    void a_simulated_service_that_follows_the_protocol_is_verified() throws Exception {
        runWith(service -> {
            var envelopes = service.sealShares();
            var tossed = service.toss(service.digest(envelopes));
            var words = new ClosingWords(tossed.digests(), tossed.coinShares(), service.combinations());
            service.deliver(envelopes, words);
        });

        assertThat(COMPUTATIONS.verdict(run)).isEqualTo("VERIFIED");
        assertThat(COMPUTATIONS.values(run)).isEqualTo("[0,1,2]");
    }

    /// P1 adds 1 to the first value once it knows the coin, and takes off the masks what that adds to each
    /// combination: everything fits but the digest that P0 heard before.
    @Test
    void shares_changed_after_the_coin_are_rejected_though_all_combinations_fit() throws Exception {
        runWith(service -> {
            var tossed = service.toss(service.digest(service.sealShares()));
            addOne(service.shares(new Place(Kind.VALUES, 0)), 0);
            // The last chunk has one value, and the masks behind it.
            var last = service.shares(new Place(Kind.VALUES, 1));
            for (int j = 0; j < Scheme.MASKS; j++) {
                for (int table = 0; table < CoinStretch.TABLES; table++) {
                    int cell = table * CoinStretch.CELLS + tossed.offsets()[table];
                    if (CoinStretch.isSet(tossed.bits(), cell, j)) {
                        takeOne(last, 1 + j);
                    }
                }
            }
            var words = new ClosingWords(tossed.digests(), tossed.coinShares(), service.combinations());
            service.deliver(service.sealShares(), words);
        });

        assertRejected();
    }

    /// As before, and P1 signs the digest of what it sent instead of what P0 heard.
    @Test
    void a_signed_digest_that_differs_from_the_exchanged_one_is_rejected() throws Exception {
        runWith(service -> {
            var tossed = service.toss(ANOTHER_DIGEST);
            var envelopes = service.sealShares();
            var words = new ClosingWords(
                    List.of(tossed.digests().getFirst(), service.digest(envelopes)),
                    tossed.coinShares(),
                    service.combinations());
            service.deliver(envelopes, words);
        });

        assertRejected();
    }

    @Test
    void a_signed_coin_share_that_differs_from_the_exchanged_one_is_rejected() throws Exception {
        runWith(service -> {
            var envelopes = service.sealShares();
            var tossed = service.toss(service.digest(envelopes));
            var words = new ClosingWords(
                    tossed.digests(), List.of(tossed.coinShares().getFirst(), ANOTHER_SHARE), service.combinations());
            service.deliver(envelopes, words);
        });

        assertRejected();
    }

    private static void addOne(ElementVector vector, int index) {
        vector.addAt(index, one(vector.domain()), 0, 1);
    }

    private static void takeOne(ElementVector vector, int index) {
        try (var minusOne = ElementVector.zeros(vector.domain(), 1)) {
            minusOne.subtract(one(vector.domain()));
            vector.addAt(index, minusOne, 0, 1);
        }
    }

    private static ElementVector one(Domain domain) {
        var content = new byte[domain.elementBytes()];
        content[0] = 1;
        try (var bytes = SecretBytes.takeOver(content)) {
            return ElementVector.decode(domain, bytes);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
