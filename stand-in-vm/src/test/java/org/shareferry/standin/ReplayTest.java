// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.mpspdz.Dialog;
import org.shareferry.standin.CapturedRun.Message;

/// Services that say again what those of a captured run said hear again what those heard from the real VMs.
class ReplayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long SECRET = 0x5e_c2e7;

    private final List<DialogEnd> endings = new ArrayList<>();

    /// Plays both services of a captured run against stand-ins.
    ///
    /// @return what each of them heard, message by message
    private List<List<byte[]>> replay(CapturedRun run, FaultInjection faults) throws Exception {
        var network = new VmNetwork(2, PATIENCE);
        try (var first = vm(run, 0, network, faults);
                var second = vm(run, 1, network, faults);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var heard = threads.invokeAll(List.of(service(first, run, 0), service(second, run, 1)));
            endings.add(first.await(PATIENCE));
            endings.add(second.await(PATIENCE));
            return List.of(heard.get(0).get(), heard.get(1).get());
        }
    }

    private static StandInVm vm(CapturedRun run, int party, VmNetwork network, FaultInjection faults) throws Exception {
        return new StandInVm(run.program(party), network, faults, Optional.empty(), 0);
    }

    private static Callable<List<byte[]>> service(StandInVm vm, CapturedRun run, int party) {
        return () -> {
            var heard = new ArrayList<byte[]>();
            try (var client = ScriptedClient.connect(vm, "0")) {
                var messages = run.messages(party);
                for (int i = 0; i < messages.size(); i++) {
                    var message = messages.get(i);
                    boolean isEndOfAnswer = !message.fromVm()
                            && (i + 1 == messages.size() || messages.get(i + 1).fromVm());
                    if (message.fromVm()) {
                        heard.add(client.read());
                        if (heard.size() == 2) {
                            assertThat(client.read()).containsOnly(0);
                        }
                    } else {
                        client.write(heard.size() == 2 ? withSecret(message.content()) : message.content());
                    }
                    // After everyone's keys, after each acknowledgement, and after masked inputs.
                    if (heard.size() == 3 && message.fromVm() || isEndOfAnswer && run.isLastOfAct(party, i)) {
                        client.writeWords(SECRET, SECRET);
                    }
                }
                assertThat(client.isClosedByVm()).isTrue();
            }
            return heard;
        };
    }

    /// Runs were captured before services had secrets.
    private static byte[] withSecret(byte[] keys) {
        return ByteBuffer.allocate(keys.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(keys)
                .putLong(SECRET)
                .putLong(SECRET)
                .array();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "additive-10",
                "triple-10",
                "quintuple-10",
                "batched-10",
                "batched-1",
                "committed-10",
                "committed-1000",
                "semi2k-additive-6",
                "mascot-batched-6",
                "mascot-committed-6",
                "../input/spdz2k-two-10",
                "../input/mascot-two-10"
            })
    void a_service_receives_the_bytes_of_the_real_vm(String name) throws Exception {
        assertHeardAsCaptured(new CapturedRun(name), FaultInjection.NO_FAULTS);
    }

    @Test
    void a_service_receives_the_same_when_it_arrives_in_small_pieces() throws Exception {
        assertHeardAsCaptured(new CapturedRun("committed-10"), Faults.inSmallPieces());
    }

    private void assertHeardAsCaptured(CapturedRun run, FaultInjection faults) throws Exception {
        var heard = replay(run, faults);

        int actions = run.program(0).actions().size();
        assertThat(endings).containsOnly(new DialogEnd.Acknowledged(actions));
        for (int party = 0; party < 2; party++) {
            var captured = run.messages(party).stream().filter(Message::fromVm).toList();
            assertThat(heard.get(party)).hasSameSizeAs(captured);
            for (int i = 0; i < captured.size(); i++) {
                assertThat(withoutNoise(heard.get(party).get(i), i, run, party))
                        .as("message %d from the VM of P%d", i, party)
                        .isEqualTo(inThisVersion(withoutNoise(captured.get(i).content(), i, run, party), i));
            }
        }
    }

    /// The first version's greeting lacks the threshold, its heads the number of bits.
    private static byte[] inThisVersion(byte[] message, int number) {
        boolean isGreeting = number == 1;
        if (!isGreeting && message.length != 56) {
            return message;
        }
        var longer = ByteBuffer.wrap(Arrays.copyOf(message, message.length + 8)).order(ByteOrder.LITTLE_ENDIAN);
        if (isGreeting) {
            longer.putLong(8, Dialog.VERSION).putLong(48, 1);
        }
        return longer.array();
    }

    /// In what comes for all ordered pairs of two parties every second word is for the other: there real VMs
    /// have something, but nobody knows what.
    private static byte[] withoutNoise(byte[] content, int number, CapturedRun run, int party) throws Exception {
        if (!isForAllPairs(number, run, party)) {
            return content;
        }
        var cleaned = content.clone();
        for (int i = 0; i < cleaned.length; i++) {
            if (i / 8 % 2 == party) {
                cleaned[i] = 0;
            }
        }
        return cleaned;
    }

    /// What comes for all pairs is the answer to what the service said, but for the combinations, before which
    /// it said two things, and for the head after an acknowledgement.
    private static boolean isForAllPairs(int number, CapturedRun run, int party) throws Exception {
        var messages = run.messages(party);
        int seen = -1;
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).fromVm() && ++seen == number) {
                return i > 1
                        && !messages.get(i - 1).fromVm()
                        && messages.get(i - 2).fromVm()
                        && messages.get(i - 1).content().length > 8;
            }
        }
        throw new AssertionError("No such message.");
    }
}
