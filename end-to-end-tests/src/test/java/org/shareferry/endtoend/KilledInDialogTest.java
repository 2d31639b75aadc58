// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;

/// A party-service dies (kill -9) while its VM speaks to it: the VM learns it, nothing half delivered is left, and
/// the next run works as soon as the service is back.
@Tag("slow")
class KilledInDialogTest {
    private static final Shape THREE = new Shape(3, 2);

    /// Its number, see `VmDialogTest`.
    private static final int ACKNOWLEDGEMENT = 17;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final Computations COMPUTATIONS = new Computations(2);

    /// Does something before a message of P1's dialog.
    ///
    /// @return how that dialog ended
    private static DialogEnd run(RunId run, int message, Runnable interruption) {
        var interrupting = new FaultInjection() {
            @Override
            public boolean cutsBefore(int number) {
                if (number == message) {
                    interruption.run();
                }
                return false;
            }
        };
        return COMPUTATIONS
                .run(counting(run, Scheme.COMMITTED, THREE), interrupting)
                .getLast();
    }

    private static void assertNextRunWorks() {
        var next = freshRun();
        assertThat(COMPUTATIONS.run(counting(next, Scheme.COMMITTED, THREE), FaultInjection.NO_FAULTS))
                .isEqualTo(List.of(new Acknowledged(1), new Acknowledged(1)));
        assertThat(COMPUTATIONS.verdict(next)).isEqualTo("VERIFIED");
    }

    /// Keys, secret, head, masks, commitments, coin shares, combinations.
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 6, 9, 11, 13, 16})
    void a_service_that_dies_before_it_has_all_of_a_delivery_leaves_nothing(int message) {
        var run = freshRun();
        var id = new DeliveryId(run, 0);

        var ending = run(run, message, () -> COMPUTATIONS.site().kill("P1"));
        COMPUTATIONS.site().start("P1");

        assertThat(ending).isInstanceOf(DialogEnd.Broken.class);
        assertThat(COMPUTATIONS.isAt("P1", id)).isFalse();
        assertNextRunWorks();
        assertThat(COMPUTATIONS.isChecked(id)).isFalse();
    }

    /// What was asked is known on the connection only: the program ends, and its run is not served again.
    @Test
    void a_service_that_dies_after_inputs_were_asked_for_ends_the_program() {
        var run = freshRun();
        var programs = Computations.receiving(Protocol.SPDZ2K, 2, Computations.RING, run, List.of(THREE), Long.SIZE);
        var dying = new FaultInjection() {
            @Override
            public void betweenDeliveries(int done) {
                if (done == 1) {
                    COMPUTATIONS.site().kill("P1");
                }
            }
        };
        // A VM notices that another party's is gone, which stand-ins that wait for their service do not.
        var noticing = new FaultInjection() {
            @Override
            public void betweenDeliveries(int done) throws IOException {
                if (done == 1) {
                    throw new EOFException("P1's VM is gone.");
                }
            }
        };

        var ending = COMPUTATIONS.run(programs, noticing, dying).getLast();
        COMPUTATIONS.site().start("P1");

        assertThat(ending).isInstanceOf(DialogEnd.Broken.class);
        assertThat(COMPUTATIONS.run(programs, FaultInjection.NO_FAULTS)).contains(new DialogEnd.Stopped(1012));
        assertNextRunWorks();
    }

    /// Its VM may hear of it or not.
    @Test
    void a_service_that_dies_as_soon_as_it_has_taken_a_delivery_keeps_it() {
        var run = freshRun();

        var ending = run(run, ACKNOWLEDGEMENT, () -> {
            await().atMost(PATIENCE).until(() -> COMPUTATIONS.isAt("P1", new DeliveryId(run, 0)));
            COMPUTATIONS.site().kill("P1");
        });
        COMPUTATIONS.site().start("P1");

        assertThat(ending).isIn(new Acknowledged(1), new DialogEnd.Broken(ACKNOWLEDGEMENT + 1));
        assertKept(run);
    }

    @Test
    void a_service_that_dies_as_soon_as_it_has_acknowledged_a_delivery_keeps_it() {
        var run = freshRun();

        var ending = run(run, ACKNOWLEDGEMENT, () -> {});
        COMPUTATIONS.site().kill("P1");
        COMPUTATIONS.site().start("P1");

        assertThat(ending).isEqualTo(new Acknowledged(1));
        assertKept(run);
    }

    private static void assertKept(RunId run) {
        assertThat(COMPUTATIONS.isAt("P1", new DeliveryId(run, 0))).isTrue();
        assertThat(COMPUTATIONS.verdict(run)).isEqualTo("VERIFIED");
        assertThat(COMPUTATIONS.values(run)).isEqualTo("[0,1,2]");
        assertNextRunWorks();
    }
}
