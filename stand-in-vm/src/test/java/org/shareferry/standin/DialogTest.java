// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.FaultInjection.Position;
import org.shareferry.standin.FaultInjection.Step;

/// How a stand-in's dialog ends, as seen by the VM: one party of two delivers three values in two chunks.
class DialogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Domain RING = new Domain.Ring(128, 64);
    private static final long SECRET = 0x5e_c2e7;

    private final VmNetwork network = new VmNetwork(2, PATIENCE);
    private Optional<StandInVm> vm = Optional.empty();

    /// The other party is there in all but its VM.
    @BeforeEach
    void bringWhatTheOtherPartyBrings() {
        Thread.ofVirtual().start(() -> {
            try {
                network.exchange("KEYS of -1", 1, List.of(MessageChannel.bytes(5, 6), MessageChannel.bytes(0, 0)));
            } catch (VmNetwork.GoneException | InterruptedException e) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void stop() {
        vm.ifPresent(StandInVm::close);
        network.leave();
    }

    private ScriptedClient connect(FaultInjection faults) throws IOException {
        var program = new CountingProgram(RING, new RunId(1, 2), 0, 2, Scheme.ADDITIVE, List.of(new Shape(3, 2)));
        vm = Optional.of(new StandInVm(program, network, faults, Optional.empty(), 0));
        return ScriptedClient.connect(vm.get(), "0");
    }

    private DialogEnd ending() throws Exception {
        return vm.orElseThrow().await(PATIENCE);
    }

    /// Specification, greeting and the share of zero.
    private static void hear(ScriptedClient client) throws IOException {
        client.read();
        client.read();
        client.read();
    }

    private static byte[] greet(ScriptedClient client) throws IOException {
        hear(client);
        client.writeWords(0, 7, 0, 8, SECRET, SECRET + 1);
        var keys = client.read();
        client.writeWords(SECRET, SECRET + 1);
        return keys;
    }

    @Test
    void the_greeting_has_magic_version_run_party_parties_and_threshold() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            assertThat(client.read()).containsExactly('R', 0, 0, 0, 128, 0, 0, 0, 64, 0, 0, 0);
            assertThat(client.read())
                    .isEqualTo(
                            MessageChannel.bytes(0x52524546, 2, 1, 2, 0, 2, 1).toArray());
            // SPDZ2k: a share and its MAC.
            assertThat(client.read()).isEqualTo(new byte[32]);
        }
    }

    @Test
    void the_other_partys_keys_are_in_its_entries() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            var keys = greet(client);

            // Pairs (0, 1) and (1, 0): first words, then second words.
            assertThat(Arrays.copyOfRange(keys, 8, 16))
                    .isEqualTo(MessageChannel.bytes(5).toArray());
            assertThat(Arrays.copyOfRange(keys, 24, 32))
                    .isEqualTo(MessageChannel.bytes(6).toArray());
        }
    }

    @Test
    void an_acknowledgement_ends_the_delivery() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            greet(client);

            assertThat(client.read())
                    .isEqualTo(MessageChannel.bytes(0, 0, 0, 3, 2, 0, 0, 0).toArray());
            assertThat(client.read()).hasSize(32);
            assertThat(client.read()).hasSize(16);
            client.writeWords(0);

            assertThat(ending()).isEqualTo(new DialogEnd.Acknowledged(1));
            assertThat(client.isClosedByVm()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1013, -1})
    void any_other_answer_than_zero_stops_the_program(long answer) throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            greet(client);
            client.read();
            client.read();
            client.read();
            client.writeWords(answer);

            assertThat(ending()).isEqualTo(new DialogEnd.Stopped(answer));
        }
    }

    @Test
    void a_refusal_in_place_of_the_keys_stops_the_program() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            hear(client);
            client.writeWords(1002, 0, 0, 0, 0, 0);

            assertThat(ending()).isEqualTo(new DialogEnd.Stopped(1002));
        }
    }

    @Test
    void a_refusal_code_among_other_words_is_no_refusal() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            hear(client);
            client.writeWords(1002, 7, 0, 8, SECRET, SECRET);

            assertThat(client.read()).hasSize(32);
        }
    }

    @Test
    void nothing_is_written_to_a_client_that_does_not_know_the_secret() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            hear(client);
            client.writeWords(0, 7, 0, 8, SECRET, SECRET);
            client.read();
            client.writeWords(SECRET, SECRET + 1);

            assertThat(client.isClosedByVm()).isTrue();
            assertThat(ending()).isEqualTo(new DialogEnd.Broken(6));
        }
    }

    @Test
    void a_message_that_is_too_short_stops_the_vm() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            hear(client);
            client.writeWords(0, 7, 0, 8, SECRET);

            assertThat(ending()).isEqualTo(new DialogEnd.Broken(4));
        }
    }

    @Test
    void further_words_are_not_read() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            greet(client);
            client.read();
            client.read();
            client.read();
            client.writeWords(0, 7, 0, 8, 0, 0, 0, 0);

            assertThat(ending()).isEqualTo(new DialogEnd.Acknowledged(1));
        }
    }

    @Test
    void a_disconnected_client_ends_the_dialog() throws Exception {
        try (var client = connect(FaultInjection.NO_FAULTS)) {
            client.read();
        }

        assertThat(ending()).isInstanceOf(DialogEnd.Broken.class);
    }

    @Test
    void the_vm_can_stop_before_any_message() throws Exception {
        for (int message = 0; message < 10; message++) {
            try (var client = connect(Faults.cutBefore(message))) {
                assertThatThrownBy(() -> {
                            greet(client);
                            client.read();
                            client.read();
                            client.read();
                            client.writeWords(0);
                            client.read();
                        })
                        .isInstanceOf(IOException.class);
                assertThat(ending()).isEqualTo(new DialogEnd.Broken(message));
            }
        }
    }

    @Test
    void the_vm_can_change_any_single_word() throws Exception {
        try (var client = connect(Faults.wrongWord(new Position(Step.ELEMENTS, 0, 1), 1))) {
            greet(client);
            client.read();
            var first = client.read();
            var second = client.read();

            var program = new CountingProgram(RING, new RunId(1, 2), 0, 2, Scheme.ADDITIVE, List.of(new Shape(3, 2)));
            assertThat(first).isEqualTo(elements(program, 0));
            var wanted = elements(program, 1);
            wanted[8] ^= 1;
            assertThat(second).isEqualTo(wanted);
        }
    }

    private static byte[] elements(Program program, int chunk) {
        try (var elements = program.outputs().getFirst().elements(chunk)) {
            return elements.reveal().clone();
        }
    }

    @Test
    void a_vm_stops_when_another_party_stops() throws Exception {
        var alone = new VmNetwork(2, PATIENCE);
        var program = new CountingProgram(RING, new RunId(1, 2), 0, 2, Scheme.ADDITIVE, List.of());
        try (var lonely = new StandInVm(program, alone, FaultInjection.NO_FAULTS, Optional.empty(), 0);
                var client = ScriptedClient.connect(lonely, "0")) {
            hear(client);
            alone.leave();
            client.writeWords(0, 7, 0, 8, SECRET, SECRET);

            assertThat(lonely.await(PATIENCE)).isEqualTo(new DialogEnd.Broken(4));
        }
    }
}
