// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.freshRun;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.endtoend.CapturedRuns.Again;
import org.shareferry.standin.Conduct;
import org.shareferry.standin.Ending;
import org.shareferry.standin.Ending.Acknowledged;
import org.shareferry.standin.Faults;
import org.shareferry.standin.Program;
import tools.jackson.databind.node.MissingNode;

/// Whatever word P1's VM says wrongly, in whatever scheme: no wrong value is ever shown as a verified one.
class WrongWordsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

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

    /// One delivery, which can be made again any number of times.
    ///
    /// @param programs of P0 and P1, by run id
    /// @param values that C0 must show
    private record Subject(Function<RunId, List<? extends Program>> programs, String values) {
        static Subject counting() {
            return new Subject(run -> Computations.counting(run, Scheme.COMMITTED, new Shape(3, 2)), "[0,1,2]");
        }

        static Subject captured(String name) {
            return new Subject(
                    run -> CapturedRuns.programs(name),
                    CapturedRuns.expected(name).getFirst().get("values").toString());
        }

        /// @return the programs of a run that makes this delivery so often
        List<Program> repeated(RunId run, int times) {
            return programs.apply(run).stream()
                    .<Program>map(program -> new Again(
                            program,
                            run,
                            Collections.nCopies(times, program.outputs().getFirst())))
                    .toList();
        }

        Scheme scheme() {
            return repeated(freshRun(), 1).getFirst().outputs().getFirst().scheme();
        }

        Domain domain() {
            return repeated(freshRun(), 1).getFirst().domain();
        }
    }

    static Stream<Arguments> subjects() {
        return Stream.concat(
                Stream.of(Arguments.argumentSet("counting", Subject.counting())),
                Stream.of("additive-10", "triple-10", "quintuple-10", "mascot-batched-6", "mascot-committed-6")
                        .map(name -> Arguments.argumentSet(name, Subject.captured(name))));
    }

    /// What comes of a wrong word.
    private enum Consequence {
        /// The dialog ends.
        STOPPED,
        /// The dialog ends, or the parties' headers differ, which the relay sees.
        NOTHING_SHOWN,
        REJECTED,
        /// In additive nothing is checked, and nothing is called verified.
        UNVERIFIED,
        /// It was not for P1, or does not leave its service.
        NONE;

        boolean endsTheRun() {
            return this == STOPPED || this == NOTHING_SHOWN;
        }
    }

    /// A word of a message.
    private record Word(Conduct.Step step, int chunk, int index) {
        boolean isIn(Conduct.Position position) {
            return position.step() == step && position.chunk() == chunk;
        }
    }

    private static Consequence consequence(Word word, Subject subject) {
        boolean odd = word.index() % 2 == 1;
        boolean committed = subject.scheme() == Scheme.COMMITTED;
        var unseen = subject.scheme() == Scheme.ADDITIVE ? Consequence.UNVERIFIED : Consequence.REJECTED;
        return switch (word.step()) {
            case SPECIFICATION -> Consequence.NOTHING_SHOWN;
            // Run id: an id under which P0 delivers nothing.
            case GREETING ->
                !committed && (word.index() == 2 || word.index() == 3)
                        ? Consequence.NOTHING_SHOWN
                        : Consequence.STOPPED;
            // Entries of (0, 1) and of (1, 0) in turn: the latter are not for P1.
            case KEYS -> odd ? Consequence.NONE : unseen;
            case COMMITMENT, COIN_SHARE -> odd ? Consequence.NONE : Consequence.STOPPED;
            // Sequence, recipient, scheme; then count, values per chunk, precision and label.
            case HEAD -> word.index() <= 2 ? Consequence.STOPPED : Consequence.NOTHING_SHOWN;
            // In a ring the upper words of a share do not leave the service in committed.
            case ELEMENTS, MASKS ->
                odd && committed && subject.domain() instanceof Domain.Ring ? Consequence.NONE : unseen;
            case TAIL, COMBINATIONS -> Consequence.REJECTED;
        };
    }

    /// @return every word that a VM says for the delivery, found out by an honest run
    private static List<Word> words(Subject subject) {
        var words = new ArrayList<Word>();
        computations.run(subject.repeated(freshRun(), 1), new Conduct() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                for (int word = 0; word < Math.ceilDiv(content.size(), Long.BYTES); word++) {
                    words.add(new Word(position.step(), position.chunk(), word));
                }
                return content;
            }
        });
        return words;
    }

    /// A delivery in which one word was wrong.
    private record Outcome(Word word, DeliveryId id, Consequence expected, List<Ending> endings) {
        @Override
        public String toString() {
            return word + ", " + expected + ", " + endings;
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void whatever_word_of_the_dialog_is_wrong_no_wrong_value_is_ever_verified(Subject subject) {
        var outcomes = new ArrayList<Outcome>();
        var together = new ArrayList<Word>();
        var words = words(subject);
        for (var word : words) {
            boolean ofTheRun = word.step() == Conduct.Step.KEYS;
            if (ofTheRun || consequence(word, subject).endsTheRun()) {
                outcomes.addAll(runWith(List.of(word), subject));
            } else {
                together.add(word);
            }
        }
        outcomes.addAll(runWith(together, subject));
        computations.settle();

        assertThat(outcomes).hasSameSizeAs(words).hasSizeGreaterThan(30);
        awaitCheckedOnes(outcomes);
        var shown = computations.site().results();
        for (var one : outcomes) {
            var result = shown.getOrDefault(one.id().toString(), MissingNode.getInstance());
            var verdict = result.path("verdict").asString("");
            boolean acknowledged = one.endings().stream().allMatch(Acknowledged.class::isInstance);
            switch (one.expected()) {
                case STOPPED -> {
                    assertThat(acknowledged).as(one.toString()).isFalse();
                    assertThat(verdict).as(one.toString()).isEmpty();
                }
                case NOTHING_SHOWN -> assertThat(verdict).as(one.toString()).isEmpty();
                case REJECTED -> assertThat(verdict).as(one.toString()).isEqualTo("REJECTED");
                case UNVERIFIED -> assertThat(verdict).as(one.toString()).isEqualTo("UNVERIFIED");
                case NONE -> assertShownAsItIs(one, subject);
            }
        }
    }

    /// One delivery after the other over one connection, each with one word wrong.
    private static List<Outcome> runWith(List<Word> words, Subject subject) {
        var run = freshRun();
        var endings = computations.run(subject.repeated(run, words.size()), new Conduct() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                // What comes before the first delivery is counted to it.
                var wrong = words.get(Math.max(0, position.delivery()));
                return wrong.isIn(position) ? Faults.flipped(content, wrong.index()) : content;
            }
        });
        var outcomes = new ArrayList<Outcome>();
        for (int i = 0; i < words.size(); i++) {
            var expected = consequence(words.get(i), subject);
            if (!expected.endsTheRun()) {
                assertThat(endings).as(words.get(i).toString()).containsOnly(new Acknowledged(words.size()));
            }
            outcomes.add(new Outcome(words.get(i), new DeliveryId(run, i), expected, endings));
        }
        return outcomes;
    }

    private static void awaitCheckedOnes(List<Outcome> outcomes) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).untilAsserted(() -> {
            var shown = computations.site().results();
            assertThat(outcomes)
                    .filteredOn(one -> !one.expected().endsTheRun())
                    .allMatch(one -> shown.containsKey(one.id().toString())
                            && shown.get(one.id().toString())
                                    .path("state")
                                    .asString("")
                                    .equals("checked"));
        });
    }

    private static void assertShownAsItIs(Outcome one, Subject subject) {
        var result = computations.shown(one.id());
        assertThat(result.path("verdict").asString(""))
                .as(one.toString())
                .isEqualTo(subject.scheme() == Scheme.ADDITIVE ? "UNVERIFIED" : "VERIFIED");
        assertThat(result.get("values").toString()).as(one.toString()).isEqualTo(subject.values());
    }
}
