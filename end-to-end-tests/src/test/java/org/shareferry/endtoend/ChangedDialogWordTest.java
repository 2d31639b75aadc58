// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.freshRun;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.endtoend.CapturedRuns.Again;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.FaultInjection.Position;
import org.shareferry.standin.FaultInjection.Step;
import org.shareferry.standin.Faults;
import org.shareferry.standin.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Changes each word that P1's VM sends, in every scheme. A wrong value is never shown as verified.
@Tag("slow")
class ChangedDialogWordTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    /// The first delivery of a captured run, which can be made again any number of times.
    ///
    /// @param programs of P0 and P1
    /// @param expected what C0 must show if nothing is wrong
    private record Subject(String name, List<Program> programs, JsonNode expected) {
        static Subject captured(String name) {
            return new Subject(
                    name,
                    CapturedRuns.programs(name),
                    CapturedRuns.expected(name).getFirst());
        }

        /// @return the programs of a run that makes this delivery so often
        List<Program> repeated(RunId run, int times) {
            return programs.stream()
                    .<Program>map(program -> new Again(
                            program,
                            run,
                            Collections.nCopies(times, program.outputs().getFirst())))
                    .toList();
        }

        Scheme scheme() {
            return programs.getFirst().outputs().getFirst().scheme();
        }

        Domain domain() {
            return programs.getFirst().domain();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Subject> subjects() {
        return CapturedRuns.names()
                // Its messages have the same kinds of words as those of committed-10, only more of them.
                .filter(name -> !name.equals("committed-1000"))
                .map(Subject::captured);
    }

    /// The consequence of a changed word.
    private enum Consequence {
        /// The dialog ends.
        STOPPED,
        /// The dialog ends, or the parties' headers differ, which the relay sees.
        NOTHING_SHOWN,
        REJECTED,
        /// The scheme additive checks nothing, so no value is verified.
        UNVERIFIED,
        /// The word is not for P1, or does not leave its service.
        NONE;

        boolean endsTheRun() {
            return this == STOPPED || this == NOTHING_SHOWN;
        }
    }

    /// A word of a message.
    private record Word(Step step, int chunk, int index) {
        boolean isIn(Position position) {
            return position.step() == step && position.chunk() == chunk;
        }
    }

    private static Consequence consequence(Word word, Subject subject) {
        boolean odd = word.index() % 2 == 1;
        boolean committed = subject.scheme().isCommitted();
        var unseen = subject.scheme() == Scheme.ADDITIVE ? Consequence.UNVERIFIED : Consequence.REJECTED;
        return switch (word.step()) {
            case SPECIFICATION -> Consequence.NOTHING_SHOWN;
            // Run id: an id under which P0 delivers nothing.
            case GREETING ->
                !committed && (word.index() == 2 || word.index() == 3)
                        ? Consequence.NOTHING_SHOWN
                        : Consequence.STOPPED;
            case KIND -> Consequence.STOPPED;
            // Entries of (0, 1) and of (1, 0) in turn: the latter are not for P1.
            case KEYS -> odd ? Consequence.NONE : unseen;
            case COMMITMENT, COIN_SHARE -> odd ? Consequence.NONE : Consequence.STOPPED;
            // Sequence, recipient, scheme; then count, values per chunk, precision and label; last the bits
            // of inputs.
            case HEAD -> word.index() <= 2 || word.index() == 7 ? Consequence.STOPPED : Consequence.NOTHING_SHOWN;
            // In a ring the upper words of a share do not leave the service in committed.
            case ELEMENTS, MASKS ->
                odd && committed && subject.domain() instanceof Domain.Ring ? Consequence.NONE : unseen;
            case TAIL, COMBINATIONS -> Consequence.REJECTED;
            case TAKE, ANSWER, MASKED ->
                throw new IllegalArgumentException("A run without inputs has no such message: " + word.step());
        };
    }

    /// @return every word that a VM sends for the delivery, recorded in an honest run
    private static List<Word> words(Subject subject) {
        var words = new ArrayList<Word>();
        COMPUTATIONS.run(subject.repeated(freshRun(), 1), new FaultInjection() {
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

    /// A delivery in which one word was changed.
    private record Outcome(Word word, DeliveryId id, Consequence expected, List<DialogEnd> endings) {
        @Override
        public String toString() {
            return word + ", " + expected + ", " + endings;
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void a_changed_word_never_leads_to_a_wrong_verified_value(Subject subject) {
        COMPUTATIONS.use(subject.name());
        var words = words(subject);
        var outcomes = outcomes(words, subject);
        COMPUTATIONS.settle();
        awaitCheckedOnes(outcomes);

        assertThat(words)
                .extracting(Word::step)
                .contains(Step.SPECIFICATION, Step.GREETING, Step.KEYS, Step.HEAD, Step.ELEMENTS);
        assertThat(outcomes).hasSameSizeAs(words);
        var shown = COMPUTATIONS.results();
        for (var one : outcomes) {
            assertConsequence(one, shown.getOrDefault(one.id().toString(), MissingNode.getInstance()), subject);
        }
    }

    /// One run for each word that affects the whole run, and one run for all other words.
    private static List<Outcome> outcomes(List<Word> words, Subject subject) {
        var outcomes = new ArrayList<Outcome>();
        var together = new ArrayList<Word>();
        for (var word : words) {
            boolean affectsRun = word.step() == Step.KEYS;
            if (affectsRun || consequence(word, subject).endsTheRun()) {
                outcomes.addAll(runWith(List.of(word), subject));
            } else {
                together.add(word);
            }
        }
        outcomes.addAll(runWith(together, subject));
        return outcomes;
    }

    /// @param shown by C0
    private static void assertConsequence(Outcome one, JsonNode shown, Subject subject) {
        var verdict = shown.path("verdict").asString("");
        switch (one.expected()) {
            case STOPPED -> {
                assertThat(one.endings().getLast()).as(one.toString()).isNotInstanceOf(Acknowledged.class);
                assertThat(verdict).as(one.toString()).isEmpty();
            }
            case NOTHING_SHOWN -> assertThat(verdict).as(one.toString()).isEmpty();
            case REJECTED -> assertThat(verdict).as(one.toString()).isEqualTo("REJECTED");
            case UNVERIFIED -> assertThat(verdict).as(one.toString()).isEqualTo("UNVERIFIED");
            case NONE -> {
                assertThat(verdict)
                        .as(one.toString())
                        .isEqualTo(subject.expected().get("verdict").asString());
                assertThat(COMPUTATIONS.shown(one.id()).get("values"))
                        .as(one.toString())
                        .isEqualTo(subject.expected().get("values"));
            }
        }
    }

    /// Deliveries over one connection, each with one changed word.
    private static List<Outcome> runWith(List<Word> words, Subject subject) {
        var run = freshRun();
        var endings = COMPUTATIONS.run(subject.repeated(run, words.size()), new FaultInjection() {
            @Override
            public Bytes sends(Position position, Bytes content) {
                // Messages before the first delivery count as part of it.
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
        var ids = outcomes.stream()
                .filter(one -> !one.expected().endsTheRun())
                .map(one -> one.id().toString())
                .toList();
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(COMPUTATIONS.checked()).containsAll(ids));
    }
}
