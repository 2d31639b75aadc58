// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.standin.FaultInjection.NO_FAULTS;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.standin.CountingProgram;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;

/// With three parties a corrupt one can tell the two others different things, and two corrupt ones can leave the
/// honest one out.
@Tag("slow")
class ThreePartiesTest {
    private static final Shape THREE = new Shape(3, 2);
    private static final MemberName P0 = MemberName.party(0);
    private static final MemberName P1 = MemberName.party(1);
    private static final MemberName P2 = MemberName.party(2);
    private static final Bytes ANOTHER_DIGEST = Bytes.of(new byte[32]);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared(3);

    private final RunId run = freshRun();
    private final DeliveryId id = new DeliveryId(run, 0);

    private List<DialogEnd> runWith(FaultInjection ofP1) {
        return COMPUTATIONS.run(programs(Scheme.COMMITTED), NO_FAULTS, ofP1, NO_FAULTS);
    }

    private List<CountingProgram> programs(Scheme scheme) {
        return counting(3, Computations.RING, run, scheme, THREE);
    }

    @ParameterizedTest
    @MethodSource("org.shareferry.endtoend.Computations#deliveringSchemes")
    void all_schemes_arrive_from_three_parties(Scheme scheme) {
        var endings = COMPUTATIONS.run(programs(scheme), NO_FAULTS, NO_FAULTS, NO_FAULTS);

        assertThat(endings).hasSize(3).containsOnly(new Acknowledged(1));
        assertThat(COMPUTATIONS.verdict(run)).isEqualTo(scheme == Scheme.ADDITIVE ? "UNVERIFIED" : "VERIFIED");
        assertThat(COMPUTATIONS.values(run)).isEqualTo("[0,1,2]");
    }

    @Test
    void a_ring_of_another_size_arrives_from_three_parties() {
        var programs = counting(3, new Domain.Ring(136, 72), run, Scheme.COMMITTED, THREE);

        assertThat(COMPUTATIONS.run(programs, NO_FAULTS, NO_FAULTS, NO_FAULTS)).containsOnly(new Acknowledged(1));
        assertThat(COMPUTATIONS.verdict(run)).isEqualTo("VERIFIED");
        assertThat(COMPUTATIONS.values(run)).isEqualTo("[0,1,2]");
    }

    /// P0 hears of P1 what P2 does not: their coins differ, and with them what they sign.
    @Test
    void a_digest_that_differs_for_one_party_is_rejected() {
        var endings = runWith(new Equivocation(id, 1, Set.of(2), ANOTHER_DIGEST));

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertThat(COMPUTATIONS.verdict(run)).isEqualTo("REJECTED");
        assertThat(COMPUTATIONS.shown(id).has("values")).isFalse();
        COMPUTATIONS.received("P0", id);
        COMPUTATIONS.received("P2", id);
        COMPUTATIONS.site().assertNoVerdictAt("P0", "P2", "R0");
    }

    @Test
    void a_coin_share_that_is_wrong_for_one_party_stops_it_and_nothing_arrives() {
        var endings = runWith(new FaultInjection() {
            @Override
            public Bytes tells(Position position, int to, Bytes content) {
                return position.step() == Step.COIN_SHARE && to == 2 ? Equivocation.SHARE : content;
            }
        });
        COMPUTATIONS.settle();

        assertThat(endings.getLast()).isEqualTo(new DialogEnd.Stopped(1015));
        assertThat(endings).doesNotContain(new Acknowledged(1));
        assertThat(COMPUTATIONS.isChecked(id)).isFalse();
        assertThat(List.of("P0", "P1", "P2")).noneMatch(party -> COMPUTATIONS.isAt(party, id));
    }

    /// Services take part of the honest parties only.
    private void runWithCorrupt(MemberName... corrupt) {
        var endings = COMPUTATIONS.run(
                programs(Scheme.BATCHED),
                (program, network) -> List.of(corrupt).contains(MemberName.party(program.party()))
                        ? NoService.vm(program, network)
                        : COMPUTATIONS.vm(program, network, NO_FAULTS));
        assertThat(endings).hasSize(3).containsOnly(new Acknowledged(1));
        COMPUTATIONS.settle();
    }

    /// Submits one party's part of a delivery of 0, 1, 2 by the named parties, all of it in order but for the
    /// one who is missing.
    private void submit(MemberName sender, List<MemberName> named) throws Exception {
        var member = new CorruptMember(COMPUTATIONS.site(), sender);
        var facts = new DeliveryFacts(
                id,
                THREE,
                Computations.RING,
                Scheme.BATCHED,
                0,
                0,
                MemberName.client(0),
                named,
                "spdz2k",
                true,
                true,
                named.size() - 1,
                0,
                Bytes.empty());
        var output = counting(named.size(), Computations.RING, run, Scheme.BATCHED, THREE)
                .get(named.indexOf(sender))
                .outputs()
                .getFirst();
        for (var place : THREE.places(Scheme.BATCHED)) {
            try (var values = output.elements(place.index());
                    var tail = output.checkElements(place.index());
                    var share = SecretBytes.join(values, tail)) {
                assertThat(member.submit(member.seal(facts, place, share))).isEqualTo(202);
            }
        }
    }

    @Test
    void a_smaller_party_set_submitted_first_is_refused_and_never_shown() throws Exception {
        submit(P1, List.of(P1, P2));
        submit(P2, List.of(P1, P2));
        awaitRefusedForOtherParties();

        runWithCorrupt(P1, P2);

        assertNeverShown();
    }

    @Test
    void a_smaller_party_set_submitted_after_the_honest_party_is_never_shown() throws Exception {
        runWithCorrupt(P1, P2);

        submit(P1, List.of(P1, P2));
        submit(P2, List.of(P1, P2));

        awaitRefusedForOtherParties();
        COMPUTATIONS.settle();
        assertNeverShown();
    }

    /// P2 is honest, whether P1 counts it in or not.
    static Stream<List<MemberName>> setsOfOneWhoIsCorrupt() {
        return Stream.of(List.of(P1, P2), List.of(P0, P1));
    }

    @ParameterizedTest
    @MethodSource("setsOfOneWhoIsCorrupt")
    void a_smaller_party_set_named_by_one_service_alone_is_never_shown(List<MemberName> named) throws Exception {
        runWithCorrupt(P1);

        submit(P1, named);

        // Another delivery of the same id, for which the others' envelopes never come.
        COMPUTATIONS.settle();
        assertNeverShown();
    }

    /// The two that are corrupt make a delivery of their own under the id.
    private void awaitRefusedForOtherParties() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var delivery = COMPUTATIONS.site().get("R0", "/v1/deliveries/" + id + "?parties=P1,P2");
            assertThat(delivery.path("state").asString("")).isIn("refused", "held");
            assertThat(delivery.path("refusals").toString()).contains("parties-differ");
        });
    }

    private void assertNeverShown() {
        assertThat(COMPUTATIONS.isChecked(id)).isFalse();
        assertThat(COMPUTATIONS.shown(id).has("values")).isFalse();
        assertThat(COMPUTATIONS.isAt("P0", id)).isTrue();
        COMPUTATIONS.site().assertNoVerdictAt("P0", "R0");
    }
}
