// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.standin.Conduct.HONEST;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.standin.Conduct;
import org.shareferry.standin.CountingProgram;
import org.shareferry.standin.Ending;
import org.shareferry.standin.Ending.Acknowledged;
import org.shareferry.standin.Meeting;
import org.shareferry.standin.StandInVm;

/// With three parties a corrupt one can tell the two others different things, and two corrupt ones can leave the
/// honest one out.
class ThreePartiesTest {
    private static final Shape THREE = new Shape(3, 2);
    private static final Bytes ANOTHER_DIGEST = Bytes.of(new byte[32]);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path temporary;

    private static Computations computations;

    private final RunId run = freshRun();
    private final DeliveryId id = new DeliveryId(run, 0);

    @BeforeAll
    static void startServices() throws Exception {
        computations = new Computations(temporary, 3);
    }

    @AfterAll
    static void stopServices() {
        computations.close();
    }

    private List<Ending> runWith(Conduct ofP1) {
        return computations.run(programs(Scheme.COMMITTED), HONEST, ofP1, HONEST);
    }

    private List<CountingProgram> programs(Scheme scheme) {
        return counting(3, Computations.RING, run, scheme, THREE);
    }

    @ParameterizedTest
    @EnumSource
    void all_schemes_arrive_from_three_parties(Scheme scheme) {
        var endings = computations.run(programs(scheme), HONEST, HONEST, HONEST);

        assertThat(endings).hasSize(3).containsOnly(new Acknowledged(1));
        assertThat(computations.verdict(run)).isEqualTo(scheme == Scheme.ADDITIVE ? "UNVERIFIED" : "VERIFIED");
        assertThat(computations.shown(id).get("values").toString()).isEqualTo("[0,1,2]");
    }

    @Test
    void a_ring_of_another_size_arrives_from_three_parties() {
        var programs = counting(3, new Domain.Ring(136, 72), run, Scheme.COMMITTED, THREE);

        assertThat(computations.run(programs, HONEST, HONEST, HONEST)).containsOnly(new Acknowledged(1));
        assertThat(computations.verdict(run)).isEqualTo("VERIFIED");
        assertThat(computations.shown(id).get("values").toString()).isEqualTo("[0,1,2]");
    }

    /// P0 hears of P1 what P2 does not: their coins differ, and with them what they sign.
    @Test
    void another_digest_told_to_one_of_the_others_is_rejected() throws Exception {
        var endings = runWith(new Telling(id, 1, Set.of(2), ANOTHER_DIGEST));

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertThat(computations.verdict(run)).isEqualTo("REJECTED");
        assertThat(computations.shown(id).has("values")).isFalse();
        computations.received("P0", id);
        assertNoVerdictAt("P0", "R0", "P2");
    }

    @Test
    void a_coin_share_that_only_one_of_the_others_sees_to_be_wrong_stops_that_one_and_nothing_arrives() {
        var endings = runWith(new Conduct() {
            @Override
            public Bytes tells(Position position, int to, Bytes content) {
                return position.step() == Step.COIN_SHARE && to == 2 ? Telling.SHARE : content;
            }
        });
        computations.settle();

        assertThat(endings.getLast()).isEqualTo(new Ending.Stopped(1015));
        assertThat(endings).doesNotContain(new Acknowledged(1));
        assertThat(computations.shown(id).path("state").asString("")).isNotEqualTo("checked");
        for (var party : List.of("P0", "P1", "P2")) {
            assertThat(computations.site().get(party, "/v1/deliveries/" + id).has("state"))
                    .isFalse();
        }
    }

    /// P1 and P2 alone: 0, 1, 2 that P0 never heard of, all of it in order but for the one who is missing.
    private List<Envelope> forged(Scheme scheme) throws Exception {
        var parties = List.of(MemberName.party(1), MemberName.party(2));
        var facts = new DeliveryFacts(
                id, THREE, Computations.RING, scheme, 0, 0, MemberName.client(0), parties, "spdz2k", true);
        var programs = counting(2, Computations.RING, run, scheme, THREE);
        var envelopes = new ArrayList<Envelope>();
        for (int i = 0; i < 2; i++) {
            var member = new CorruptMember(computations.site(), parties.get(i));
            for (var place : THREE.places(scheme)) {
                try (var share = programs.get(i).outputs().getFirst().elements(place)) {
                    envelopes.add(member.seal(facts, place, share));
                }
            }
        }
        return envelopes;
    }

    /// @return the HTTP statuses
    private List<Integer> submit(List<Envelope> envelopes) throws Exception {
        var statuses = new ArrayList<Integer>();
        for (var envelope : envelopes) {
            var sender =
                    new CorruptMember(computations.site(), envelope.header().sender());
            statuses.add(sender.submit(envelope));
        }
        return statuses;
    }

    /// P0 is honest in a computation whose other parties submit nothing from it.
    private Ending runHonestP0() throws Exception {
        var programs = programs(Scheme.BATCHED);
        var meeting = new Meeting(3, PATIENCE);
        try (var first = computations.vm(programs.get(0), meeting, HONEST);
                var second = new StandInVm(programs.get(1), meeting, HONEST, Optional.empty(), 0);
                var third = new StandInVm(programs.get(2), meeting, HONEST, Optional.empty(), 0);
                var noneOfP1 = new NoService(programs.get(1), second);
                var noneOfP2 = new NoService(programs.get(2), third)) {
            return first.await(PATIENCE);
        }
    }

    @Test
    void a_smaller_party_set_that_comes_first_is_refused_by_the_client_and_never_shown() throws Exception {
        assertThat(submit(forged(Scheme.BATCHED))).containsOnly(202);
        await().atMost(PATIENCE).untilAsserted(() -> {
            var bundles = computations.site().get("R0", "/v1/deliveries/" + id);
            assertThat(bundles.path("state").asString("")).isEqualTo("refused");
            assertThat(bundles.path("refusals").toString()).contains("parties-differ");
        });
        assertThat(runHonestP0()).isEqualTo(new Acknowledged(1));
        computations.settle();

        assertNeverShown();
    }

    @Test
    void a_smaller_party_set_that_comes_after_the_honest_party_is_never_shown() throws Exception {
        assertThat(runHonestP0()).isEqualTo(new Acknowledged(1));
        computations.settle();
        submit(forged(Scheme.BATCHED));
        computations.settle();

        assertNeverShown();
    }

    private void assertNeverShown() throws Exception {
        var shown = computations.shown(id);
        assertThat(shown.has("values")).isFalse();
        assertThat(shown.path("state").asString("")).isNotEqualTo("checked");
        assertThat(computations
                        .site()
                        .get("P0", "/v1/deliveries/" + id)
                        .path("state")
                        .asString(""))
                .isNotEqualTo("received");
        assertNoVerdictAt("P0", "R0");
    }

    private static void assertNoVerdictAt(String... members) throws Exception {
        for (var member : members) {
            assertThat(Files.readString(computations.site().home(member).resolve("service.log")))
                    .doesNotContainIgnoringCase("rejected")
                    .doesNotContainIgnoringCase("verified");
        }
    }
}
