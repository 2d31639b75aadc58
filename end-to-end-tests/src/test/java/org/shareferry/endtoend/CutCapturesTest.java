// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.freshRun;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.endtoend.CapturedRuns.Again;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.Faults;
import org.shareferry.standin.Program;

/// Captured runs of all schemes and domains, cut before every message: each delivery comes whole or not at all.
@Tag("slow")
class CutCapturesTest {
    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    /// Where in a dialog acknowledgements stand.
    private static final class Acknowledgements implements FaultInjection {
        private final List<Integer> numbers = new ArrayList<>();
        private int last = -1;

        @Override
        public boolean cutsBefore(int number) {
            last = number;
            return false;
        }

        /// The message before the head of a delivery is the service's secret, and the one before that
        /// acknowledges the former delivery.
        @Override
        public Bytes sends(Position position, Bytes content) {
            if (position.step() == Step.HEAD && position.delivery() > 0) {
                numbers.add(last - 1);
            }
            return content;
        }

        List<Integer> numbers() {
            numbers.add(last);
            return numbers;
        }
    }

    private static List<Program> again(String name, RunId run) {
        return CapturedRuns.programs(name).stream()
                .<Program>map(captured -> new Again(captured, run, captured.outputs()))
                .toList();
    }

    /// @return the number of each acknowledgement, found out by a run that nobody cuts
    private static List<Integer> acknowledgements(String name) {
        var probe = new Acknowledgements();
        assertThat(COMPUTATIONS.run(again(name, freshRun()), probe))
                .containsOnly(new Acknowledged(CapturedRuns.expected(name).size()));
        return probe.numbers();
    }

    /// @return the runs, by the number of the message before which P1's connection was cut
    private static List<RunId> cutBeforeEach(String name, int last) {
        var runs = new ArrayList<RunId>();
        for (int message = 0; message <= last; message++) {
            var run = freshRun();
            var endings = COMPUTATIONS.run(again(name, run), Faults.cutBefore(message));
            assertThat(endings.getLast()).isEqualTo(new DialogEnd.Broken(message));
            runs.add(run);
        }
        return runs;
    }

    @ParameterizedTest
    @MethodSource("org.shareferry.endtoend.CapturedRuns#names")
    void a_captured_run_that_is_cut_at_any_message_delivers_all_or_nothing(String name) {
        COMPUTATIONS.use(name);
        var acknowledgements = acknowledgements(name);
        assertThat(acknowledgements).hasSameSizeAs(CapturedRuns.expected(name));

        var runs = cutBeforeEach(name, acknowledgements.getLast());
        COMPUTATIONS.settle();

        var taken = COMPUTATIONS.deliveries("P1").keySet();
        var checked = COMPUTATIONS.checked();
        for (int message = 0; message < runs.size(); message++) {
            for (int delivery = 0; delivery < acknowledgements.size(); delivery++) {
                var id = new DeliveryId(runs.get(message), delivery);
                // P1's service has it if it was there to the end, and was only not heard.
                boolean arrives = message >= acknowledgements.get(delivery);
                assertThat(taken.contains(id.toString()))
                        .as("delivery %d, cut before %d", delivery, message)
                        .isEqualTo(arrives);
                if (arrives) {
                    assertArrives(id, name);
                } else {
                    assertThat(checked).doesNotContain(id.toString());
                }
            }
        }
    }

    private static void assertArrives(DeliveryId id, String name) {
        var expected = CapturedRuns.expected(name).get((int) id.sequence());
        var result = COMPUTATIONS.site().awaitResult(id.toString());
        assertThat(result.get("verdict")).isEqualTo(expected.get("verdict"));
        assertThat(result.get("values")).isEqualTo(expected.get("values"));
    }
}
