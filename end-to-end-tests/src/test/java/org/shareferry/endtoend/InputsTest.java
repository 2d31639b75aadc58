// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.RING;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.endtoend.Computations.receiving;
import static org.shareferry.standin.FaultInjection.NO_FAULTS;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.DialogEnd.Killed;
import org.shareferry.standin.DialogEnd.Stopped;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.FaultInjection.Position;
import org.shareferry.standin.FaultInjection.Step;
import org.shareferry.standin.Faults;
import org.shareferry.standin.InputProgram;
import org.shareferry.standin.ProgramAction;

/// C0's inputs on their way into computations and back out, and what comes of VMs and services that cheat. What a
/// cheating relay and a cheating client can do is tested at the party-service.
@Tag("slow")
class InputsTest {
    private static final Domain WITHOUT_SPARE_BITS = new Domain.Ring(64, 64);
    private static final Domain FIELD =
            new Domain.PrimeField(new BigInteger("170141183460469231731687303715885907969"));
    private static final Shape THREE = new Shape(3, 2);
    private static final List<String> VALUES = List.of("5", "-7", "9223372036854775807");
    private static final long LABEL = InputProgram.FIRST_LABEL;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Setting SPDZ2K = new Setting(Protocol.SPDZ2K, 2, RING);

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    private final RunId run = freshRun();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private Setting setting = SPDZ2K;

    /// What computes.
    private record Setting(Protocol protocol, int parties, Domain domain) {
        int bits() {
            return domain instanceof Domain.Ring ? 64 : 65;
        }

        boolean isVerified() {
            return protocol.hasOwnChecks();
        }
    }

    static Stream<Setting> settings() {
        return Stream.of(
                SPDZ2K,
                new Setting(Protocol.SPDZ2K, 3, RING),
                new Setting(Protocol.MASCOT, 2, FIELD),
                new Setting(Protocol.SEMI2K, 2, WITHOUT_SPARE_BITS),
                new Setting(Protocol.REP4_RING, 4, WITHOUT_SPARE_BITS));
    }

    private void use(Setting other) {
        setting = other;
        COMPUTATIONS.use(other.protocol(), other.parties(), other.domain());
    }

    @AfterEach
    void takeBack() {
        executor.shutdownNow();
        COMPUTATIONS.inputs().takeBackAll();
    }

    private DeliveryId id(int sequence) {
        return new DeliveryId(run, sequence);
    }

    private List<InputProgram> programs(Shape... requests) {
        return receiving(
                setting.protocol(), setting.parties(), setting.domain(), run, List.of(requests), setting.bits());
    }

    private void give(long label, List<String> values) {
        assertThat(COMPUTATIONS
                        .inputs()
                        .give(new ClientInputs.Input(
                                setting.protocol(), label, 0, setting.bits(), !setting.isVerified(), values)))
                .isEqualTo(201);
    }

    private FaultInjection[] allHonestBut(int party, FaultInjection fault) {
        var faults = new ArrayList<>(Collections.nCopies(setting.parties(), NO_FAULTS));
        faults.set(party, fault);
        return faults.toArray(FaultInjection[]::new);
    }

    private FaultInjection[] honest() {
        return allHonestBut(0, NO_FAULTS);
    }

    private Future<List<DialogEnd>> begin(List<InputProgram> programs, FaultInjection... faults) {
        return executor.submit(() -> COMPUTATIONS.run(programs, faults));
    }

    private void awaitOpen(DeliveryId request) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> COMPUTATIONS.inputs().open(request).isPresent());
    }

    private void assertReturned(int sequence, List<String> values) {
        var result = COMPUTATIONS.site().awaitResult(id(sequence).toString());
        assertThat(result.get("verdict").asString()).isEqualTo(setting.isVerified() ? "VERIFIED" : "UNVERIFIED");
        assertThat(result.get("values")).hasToString("[" + String.join(",", values) + "]");
    }

    /// What is the same in every protocol, and what is not.
    @Nested
    @ParameterizedClass
    @MethodSource("org.shareferry.endtoend.InputsTest#settings")
    class InEveryProtocol {
        InEveryProtocol(Setting other) {
            setting = other;
        }

        @BeforeEach
        void useIt() {
            COMPUTATIONS.use(setting.protocol(), setting.parties(), setting.domain());
        }

        /// One waits before it is asked for; the other comes while the VMs wait for it.
        @Test
        void masked_inputs_are_delivered_back_unchanged() throws Exception {
            give(LABEL, VALUES);

            var endings = begin(programs(THREE, new Shape(1, 1)), honest());
            awaitOpen(id(1));
            // Semi2k's requests are not verified, so a late answer must say that this is accepted.
            if (setting.isVerified()) {
                assertThat(COMPUTATIONS.inputs().answer(id(1), List.of("42"))).isEqualTo(204);
            } else {
                assertThat(COMPUTATIONS.inputs().answer(id(1), List.of("42"))).isEqualTo(409);
                assertThat(COMPUTATIONS.inputs().answerUnverified(id(1), List.of("42"), setting.protocol()))
                        .isEqualTo(204);
            }

            assertThat(endings.get()).containsOnly(new Acknowledged(6));
            assertReturned(2, VALUES);
            assertReturned(3, List.of("42"));
            assertThat(COMPUTATIONS.shown(id(0)).has("values")).isFalse();
        }

        /// MACs show it, and so does the second copy that rep4-ring's parties hold. Semi2k has nothing of the
        /// kind.
        @Test
        void masked_inputs_that_a_service_alters_are_detected_by_protocols_with_checks() throws Exception {
            give(LABEL, VALUES);
            var altering = new FaultInjection() {
                @Override
                public Bytes receives(Position position, Bytes content) {
                    return position.chunk() == 0 ? Faults.flipped(content, 0) : content;
                }
            };

            var endings = begin(programs(THREE), allHonestBut(0, altering)).get();

            if (setting.isVerified()) {
                assertThat(endings).containsOnly(new Killed("MacCheck Failure"));
                assertThat(COMPUTATIONS.isAt("P0", id(1))).isFalse();
            } else {
                assertThat(endings).containsOnly(new Acknowledged(3));
                var result = COMPUTATIONS.site().awaitResult(id(1).toString());
                assertThat(result.get("verdict").asString()).isEqualTo("UNVERIFIED");
                assertThat(result.get("values").toString()).isNotEqualTo("[" + String.join(",", VALUES) + "]");
            }
        }

        /// The client's check fails, and it refuses without a word about why.
        @Test
        void random_values_with_a_flipped_bit_are_rejected() throws Exception {
            give(LABEL, VALUES);
            var flipping = new FaultInjection() {
                @Override
                public Bytes sends(Position position, Bytes content) {
                    return position.equals(new Position(Step.ELEMENTS, 0, 0)) ? withTopBitFlipped(content) : content;
                }
            };

            var endings = begin(programs(THREE), allHonestBut(1, flipping)).get();

            assertThat(endings).containsOnly(new Stopped(1017));
            assertThat(COMPUTATIONS.inputs().masked(id(0))).isEmpty();
        }
    }

    /// A request that was answered is none any more.
    @Test
    void a_second_answer_is_refused_and_the_first_stays() throws Exception {
        use(SPDZ2K);
        give(LABEL, VALUES);
        var endings = begin(programs(THREE), honest());
        assertThat(endings.get()).containsOnly(new Acknowledged(3));
        var masked = COMPUTATIONS.inputs().masked(id(0));

        assertThat(COMPUTATIONS.inputs().answer(id(0), List.of("1", "2", "3"))).isEqualTo(409);
        assertThat(COMPUTATIONS.inputs().refuse(id(0))).isEqualTo(409);

        assertThat(masked).isPresent();
        assertThat(COMPUTATIONS.inputs().masked(id(0))).isEqualTo(masked);
    }

    /// As one that waits, and as a late answer. Whether values are in range is said when they are given.
    @Test
    void an_input_that_does_not_fit_the_request_never_answers_it() throws Exception {
        use(SPDZ2K);
        var inputs = COMPUTATIONS.inputs();
        var spdz2k = Protocol.SPDZ2K;
        assertThat(List.of(
                        new ClientInputs.Input(spdz2k, LABEL, 0, 64, false, List.of("1", "2")),
                        new ClientInputs.Input(spdz2k, LABEL + 1, 0, 63, false, VALUES.subList(0, 2)),
                        new ClientInputs.Input(spdz2k, LABEL + 2, 1, 64, false, List.of("1", "2", "3")),
                        new ClientInputs.Input(Protocol.MASCOT, LABEL + 3, 0, 64, false, VALUES),
                        new ClientInputs.Input(spdz2k, LABEL + 5, 0, 64, false, VALUES)))
                .allSatisfy(input -> assertThat(inputs.give(input)).isEqualTo(201));
        // One party computes nothing.
        assertThat(new ClientInputs(COMPUTATIONS.site(), 1)
                        .give(new ClientInputs.Input(spdz2k, LABEL + 4, 0, 64, false, VALUES)))
                .isEqualTo(400);

        var endings = begin(programs(THREE, new Shape(2, 2), THREE, THREE, THREE), honest());
        awaitOpen(id(4));

        assertThat(IntStream.range(0, 5).mapToObj(i -> inputs.open(id(i)).orElseThrow()))
                .extracting(request -> request.get("detail").asString())
                .containsExactly(
                        "The waiting input is for a different value of count.",
                        "The waiting input is for a different value of bits.",
                        "The waiting input is for a different value of precision.",
                        "The waiting input is for a different value of protocol.",
                        "No input is waiting for this label and these parties.");
        assertThat(inputs.answer(id(0), List.of("1"))).isEqualTo(400);
        assertThat(inputs.answer(id(0), List.of("1", "2", "9223372036854775808")))
                .isEqualTo(400);
        assertThat(inputs.refuse(id(4))).isEqualTo(204);
        assertThat(endings.get()).containsOnly(new Stopped(1017));
    }

    /// Of the low 64 bits of the first element.
    private static Bytes withTopBitFlipped(Bytes content) {
        var changed = content.toArray();
        changed[7] ^= (byte) 0x80;
        return Bytes.of(changed);
    }

    @Test
    void a_refusal_by_the_client_stops_the_program() throws Exception {
        use(SPDZ2K);
        var endings = begin(programs(THREE), honest());
        awaitOpen(id(0));

        assertThat(COMPUTATIONS.inputs().refuse(id(0))).isEqualTo(204);

        assertThat(endings.get()).containsOnly(new Stopped(1017));
    }

    /// A party that says it holds another answer, to all others or to one of them.
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_service_with_a_false_answer_stops_the_parties_that_receive_it(int parties) throws Exception {
        use(new Setting(Protocol.SPDZ2K, parties, RING));
        give(LABEL, VALUES);
        var heard = parties == 2 ? Set.of(0) : Set.of(2);
        var lying = new FaultInjection() {
            @Override
            public Bytes tells(Position position, int to, Bytes content) {
                return position.step() == Step.ANSWER && heard.contains(to) ? Faults.flipped(content, 3) : content;
            }
        };

        var endings = begin(programs(THREE), allHonestBut(1, lying)).get();

        for (int party : heard) {
            assertThat(endings.get(party)).isEqualTo(new Stopped(1019));
        }
        assertThat(endings).doesNotContain(new Acknowledged(3));
        assertThat(COMPUTATIONS.isAt("P0", id(1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_party_may_be_far_behind_the_other(int late) throws Exception {
        use(SPDZ2K);
        give(LABEL, VALUES);
        var earlyHasAnswer = new CountDownLatch(1);
        var early = new FaultInjection() {
            @Override
            public Bytes tells(Position position, int to, Bytes content) {
                if (position.step() == Step.ANSWER) {
                    earlyHasAnswer.countDown();
                }
                return content;
            }
        };
        var behind = new FaultInjection() {
            @Override
            public void betweenDeliveries(int done) {
                if (done == 1) {
                    await().atMost(PATIENCE).until(() -> earlyHasAnswer.getCount() == 0);
                }
            }
        };

        var faults = late == 0 ? new FaultInjection[] {behind, early} : new FaultInjection[] {early, behind};
        var endings = begin(programs(THREE), faults).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(endings).containsOnly(new Acknowledged(3));
        assertReturned(1, VALUES);
    }

    @Test
    void inputs_cannot_be_taken_twice() throws Exception {
        use(SPDZ2K);
        give(LABEL, VALUES);
        var programs = new ArrayList<InputProgram>();
        for (int party = 0; party < 2; party++) {
            programs.add(new InputProgram(Protocol.SPDZ2K, RING, run, party, 2, List.of(THREE), 64) {
                @Override
                public List<ProgramAction> actions() {
                    return List.of(
                            new ProgramAction.HandOver(outputs().getFirst()),
                            new ProgramAction.Take(0),
                            new ProgramAction.Take(0));
                }
            });
        }

        assertThat(begin(programs, honest()).get()).containsOnly(new Stopped(1020));
    }

    /// Sequence, client, …, label, bits.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7})
    void inputs_are_taken_with_the_words_with_which_they_were_asked_for(int word) throws Exception {
        use(SPDZ2K);
        give(LABEL, VALUES);
        var other = Faults.wrongWord(new Position(Step.TAKE, 0, 0), word);

        var endings = begin(programs(THREE), allHonestBut(1, other)).get();

        assertThat(endings.get(1)).isEqualTo(new Stopped(1020));
        assertThat(endings).doesNotContain(new Acknowledged(3));
    }

    /// What runs where the services are configured for SPDZ2k or MASCOT.
    private record Mismatch(Setting configured, Setting running) {}

    static Stream<Mismatch> mismatches() {
        var spdz2k = new Setting(Protocol.SPDZ2K, 3, RING);
        var mascot = new Setting(Protocol.MASCOT, 2, FIELD);
        return Stream.of(
                new Mismatch(spdz2k, new Setting(Protocol.SEMI2K, 3, WITHOUT_SPARE_BITS)),
                new Mismatch(spdz2k, new Setting(Protocol.REPLICATED_RING, 3, WITHOUT_SPARE_BITS)),
                new Mismatch(spdz2k, new Setting(Protocol.MALICIOUS_SHAMIR, 3, FIELD)),
                new Mismatch(spdz2k, new Setting(Protocol.SY_REP_RING, 3, RING)),
                new Mismatch(mascot, new Setting(Protocol.SEMI, 2, FIELD)),
                new Mismatch(mascot, SPDZ2K));
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void a_vm_that_runs_another_protocol_than_its_service_is_configured_for_is_stopped(Mismatch mismatch)
            throws Exception {
        use(mismatch.configured());
        setting = mismatch.running();

        assertThat(begin(programs(THREE), honest()).get()).containsOnly(new Stopped(1021));
    }

    /// Everything else in the greeting is as it should be.
    @Test
    void a_vm_with_a_wrong_threshold_or_kind_of_share_is_stopped() throws Exception {
        use(SPDZ2K);
        var greeting = new Position(Step.GREETING, -1, 0);
        var kind = new Position(Step.KIND, -1, 0);
        var shorter = new FaultInjection() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                return position.equals(kind) ? Bytes.of(new byte[RING.elementBytes()]) : content;
            }
        };
        for (var wrong : List.of(Faults.wrongWord(greeting, 6), Faults.wrongWord(kind, 3), shorter)) {
            var endings = begin(programs(THREE), allHonestBut(1, wrong)).get();

            assertThat(endings.get(1)).isEqualTo(new Stopped(1021));
        }
    }
}
