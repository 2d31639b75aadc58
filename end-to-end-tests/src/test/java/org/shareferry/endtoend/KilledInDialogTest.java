// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.Conduct;
import org.shareferry.standin.Ending;
import org.shareferry.standin.Ending.Acknowledged;

/// A party-service dies (kill -9) while its VM speaks to it: the VM learns it, nothing half delivered is left, and the
/// next run works as soon as the service is back.
class KilledInDialogTest {
    private static final Shape THREE = new Shape(3, 2);

    /// See `VmDialogTest`: the acknowledgement.
    private static final int LAST = 15;

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

    /// Keys, head, masks, commitments, coin shares, combinations, acknowledgement.
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 7, 9, 11, 14, 15})
    void a_service_that_dies_before_a_message_leaves_all_or_nothing(int message) {
        var run = freshRun();
        var id = new DeliveryId(run, 0);
        var killing = new Conduct() {
            @Override
            public boolean cutsBefore(int number) {
                if (number == message) {
                    computations.site().kill("P1");
                }
                return false;
            }
        };

        var ending = computations
                .run(counting(run, Scheme.COMMITTED, THREE), killing)
                .getLast();
        computations.site().start("P1");

        boolean acknowledged = ending.equals(new Acknowledged(1));
        boolean isAtP1 = isAtP1(id);
        assertThat(acknowledged || ending instanceof Ending.Broken)
                .as(ending.toString())
                .isTrue();
        if (message < LAST) {
            assertThat(acknowledged).isFalse();
            assertThat(isAtP1).isFalse();
        }
        if (acknowledged) {
            // What was promised is kept.
            assertThat(isAtP1).isTrue();
        }
        if (isAtP1) {
            // Promised, or committed and only not heard.
            assertThat(computations.verdict(run)).isEqualTo("VERIFIED");
        }
        var next = freshRun();
        assertThat(computations.run(counting(next, Scheme.COMMITTED, THREE), Conduct.HONEST))
                .isEqualTo(List.of(new Acknowledged(1), new Acknowledged(1)));
        assertThat(computations.verdict(next)).isEqualTo("VERIFIED");
        if (!isAtP1) {
            assertThat(computations.shown(id).path("state").asString("")).isNotEqualTo("checked");
        }
    }

    private static boolean isAtP1(DeliveryId id) {
        return computations.site().get("P1", "/v1/deliveries/" + id).has("state");
    }
}
