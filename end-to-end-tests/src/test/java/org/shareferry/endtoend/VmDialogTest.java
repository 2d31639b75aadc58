// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.mpspdz.CapturedDialog;
import org.shareferry.standin.CapturedProgram;
import org.shareferry.standin.Conduct;
import org.shareferry.standin.Conduct.Position;
import org.shareferry.standin.Ending;
import org.shareferry.standin.Ending.Acknowledged;
import org.shareferry.standin.Faults;
import tools.jackson.databind.json.JsonMapper;

/// The dialog between VMs and party-services, and what comes of it at the client, over real sockets.
class VmDialogTest {
    private static final Path CAPTURES = Path.of("..", "shared-crypto", "src", "test", "resources", "mpspdz");
    private static final Shape THREE = new Shape(3, 2);
    private static final int MESSAGES = 16;

    @TempDir
    static Path temporary;

    private static Computations computations;

    @BeforeAll
    static void startServices() throws Exception {
        computations = new Computations(temporary);
    }

    @AfterAll
    static void stopServices() {
        computations.close();
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
                "mascot-committed-6"
            })
    void a_captured_run_arrives_as_it_must_though_every_byte_comes_alone(String name) throws Exception {
        var folder = CAPTURES.resolve(name);
        var programs = new ArrayList<CapturedProgram>();
        for (var file : List.of("P0.dialog", "P1.dialog")) {
            programs.add(new CapturedProgram(
                    CapturedDialog.parse(file, Bytes.of(Files.readAllBytes(folder.resolve(file))))));
        }

        var endings = computations.run(programs, Faults.oneByteAtATime(), Faults.oneByteAtATime());

        assertThat(endings).containsOnly(new Acknowledged(2));
        for (var expected : JsonMapper.shared()
                .readTree(Site.read(folder.resolve("expected.json")))
                .get("deliveries")) {
            var result = computations.site().awaitResult(expected.get("id").asString());
            assertThat(result.get("verdict")).isEqualTo(expected.get("verdict"));
            assertThat(result.get("values")).isEqualTo(expected.get("values"));
        }
    }

    /// The services run with 256 MB each.
    @Test
    void ten_million_values_pass_through_small_heaps() {
        var run = freshRun();
        var many = new Shape(10_000_000, 16_384);

        var endings = computations.run(counting(run, Scheme.COMMITTED, many), Conduct.HONEST);

        assertThat(endings).containsOnly(new Acknowledged(1));
    }

    @Test
    void a_connection_that_is_cut_anywhere_delivers_all_or_nothing() {
        int message = 0;
        boolean ended = false;
        var runs = new ArrayList<RunId>();
        var cut = new ArrayList<Ending>();
        while (!ended) {
            var run = freshRun();
            var ending = computations
                    .run(counting(run, Scheme.COMMITTED, THREE), Faults.cutBefore(message))
                    .getLast();
            ended = ending.equals(new Acknowledged(1));
            runs.add(run);
            cut.add(ending);
            message++;
        }
        computations.settle();

        // Specification, greeting, keys both ways; head, two chunks, masks, commitments and coin shares both ways,
        // offsets, bits, combinations; acknowledgement.
        assertThat(cut).hasSize(MESSAGES + 1);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(cut.get(i)).isEqualTo(new Ending.Broken(i));
            var id = new DeliveryId(runs.get(i), 0);
            // P1's service has it if it was there to the end, and was only not heard.
            boolean arrives = i == MESSAGES - 1;
            assertThat(isAtParty("P1", id)).as("cut before %d", i).isEqualTo(arrives);
            if (arrives) {
                assertThat(computations.verdict(id.run())).isEqualTo("VERIFIED");
            } else {
                assertThat(computations.shown(id).path("state").asString("")).isNotEqualTo("checked");
            }
        }
        assertThat(computations.verdict(runs.getLast())).isEqualTo("VERIFIED");
    }

    private static boolean isAtParty(String party, DeliveryId id) {
        return computations.site().get(party, "/v1/deliveries/" + id).has("state");
    }

    /// A message and one of its words, sent otherwise than it should be.
    private record WrongWord(Position position, int word, RunId run, List<Ending> endings) {
        boolean isAcknowledged() {
            return endings.stream().allMatch(new Acknowledged(1)::equals);
        }

        DeliveryId id() {
            return new DeliveryId(run, 0);
        }

        @Override
        public String toString() {
            return "word " + word + " of " + position + ", " + endings;
        }
    }

    @Test
    void whatever_word_of_the_dialog_is_wrong_no_wrong_value_is_ever_shown() {
        var wrong = new ArrayList<WrongWord>();
        for (var message : messages()) {
            for (int word = 0; word < message.words(); word++) {
                var run = freshRun();
                var conduct = Faults.wrongWord(message.position(), word);
                var endings = computations.run(counting(run, Scheme.COMMITTED, THREE), conduct);
                wrong.add(new WrongWord(message.position(), word, run, endings));
            }
        }
        computations.settle();

        for (var one : wrong) {
            switch (consequence(one)) {
                case STOPPED -> {
                    assertThat(one.isAcknowledged()).as(one.toString()).isFalse();
                    assertThat(computations.shown(one.id()).path("state").asString(""))
                            .as(one.toString())
                            .isNotEqualTo("checked");
                }
                case REFUSED_BY_RELAY -> {
                    assertThat(one.isAcknowledged()).as(one.toString()).isTrue();
                    assertThat(computations.shown(one.id()).path("state").asString(""))
                            .as(one.toString())
                            .isNotEqualTo("checked");
                }
                case REJECTED -> {
                    assertThat(one.isAcknowledged()).as(one.toString()).isTrue();
                    assertThat(computations.verdict(one.run()))
                            .as(one.toString())
                            .isEqualTo("REJECTED");
                    assertThat(computations.shown(one.id()).has("values")).isFalse();
                }
                case NONE -> {
                    assertThat(one.isAcknowledged()).as(one.toString()).isTrue();
                    assertThat(computations.verdict(one.run()))
                            .as(one.toString())
                            .isEqualTo("VERIFIED");
                    assertThat(computations.shown(one.id()).get("values").toString())
                            .isEqualTo("[0,1,2]");
                }
            }
        }
    }

    private record Message(Position position, int words) {}

    /// Every message that a VM sends in a run, found out by an honest one.
    private static List<Message> messages() {
        var messages = new ArrayList<Message>();
        computations.run(counting(freshRun(), Scheme.COMMITTED, THREE), new Conduct() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                messages.add(new Message(position, Math.ceilDiv(content.size(), Long.BYTES)));
                return content;
            }
        });
        return messages;
    }

    private enum Consequence {
        STOPPED,
        REFUSED_BY_RELAY,
        REJECTED,
        NONE
    }

    private static final Set<Integer> PRECISION_AND_LABEL = Set.of(5, 6);

    private static Consequence consequence(WrongWord one) {
        int word = one.word();
        boolean odd = word % 2 == 1;
        return switch (one.position().step()) {
            case SPECIFICATION, GREETING -> Consequence.STOPPED;
            // Entries of (0, 1) and of (1, 0) in turn: the latter are not for P1.
            case KEYS -> odd ? Consequence.NONE : Consequence.REJECTED;
            case COMMITMENT, COIN_SHARE -> odd ? Consequence.NONE : Consequence.STOPPED;
            // Precision and label are the application's; headers then differ, which the relay sees.
            case HEAD -> PRECISION_AND_LABEL.contains(word) ? Consequence.REFUSED_BY_RELAY : Consequence.STOPPED;
            // The upper words of a share do not leave the service.
            case ELEMENTS, MASKS -> odd ? Consequence.NONE : Consequence.REJECTED;
            case TAIL -> throw new IllegalStateException("There is none in committed.");
            case COMBINATIONS -> Consequence.REJECTED;
        };
    }
}
