// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;

import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.Faults;

/// The dialog between VMs and party-services, and what comes of it at the client, over real sockets.
@Tag("slow")
class VmDialogTest {
    private static final Shape THREE = new Shape(3, 2);
    private static final int MESSAGES = 18;

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    static Stream<Arguments> ringsAndSchemes() {
        return Stream.of(new Domain.Ring(112, 64), new Domain.Ring(120, 72), new Domain.Ring(136, 72))
                .flatMap(ring -> Computations.deliveringSchemes().map(scheme -> Arguments.of(ring, scheme)));
    }

    @ParameterizedTest
    @MethodSource("ringsAndSchemes")
    void rings_of_every_size_that_spdz2k_has_arrive_in_all_schemes(Domain ring, Scheme scheme) {
        var run = freshRun();

        var endings = COMPUTATIONS.run(counting(2, ring, run, scheme, THREE), FaultInjection.NO_FAULTS);

        assertThat(endings).containsOnly(new Acknowledged(1));
        assertThat(COMPUTATIONS.verdict(run)).isEqualTo(scheme == Scheme.ADDITIVE ? "UNVERIFIED" : "VERIFIED");
        assertThat(COMPUTATIONS.values(run)).isEqualTo("[0,1,2]");
    }

    @Test
    void a_connection_that_is_cut_anywhere_delivers_all_or_nothing() {
        int message = 0;
        boolean ended = false;
        var runs = new ArrayList<RunId>();
        var cut = new ArrayList<DialogEnd>();
        while (!ended) {
            var run = freshRun();
            var ending = COMPUTATIONS
                    .run(counting(run, Scheme.COMMITTED, THREE), Faults.cutBefore(message))
                    .getLast();
            ended = ending.equals(new Acknowledged(1));
            runs.add(run);
            cut.add(ending);
            message++;
        }
        COMPUTATIONS.settle();

        // Specification, greeting, a whole share of 0, keys both ways, the service's secret; head, two chunks,
        // masks, commitments and coin shares both ways, offsets, bits, combinations; acknowledgement.
        assertThat(cut).hasSize(MESSAGES + 1);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(cut.get(i)).isEqualTo(new DialogEnd.Broken(i));
            var id = new DeliveryId(runs.get(i), 0);
            // P1's service has it if it was there to the end, and was only not heard.
            boolean arrives = i == MESSAGES - 1;
            assertThat(COMPUTATIONS.isAt("P1", id)).as("cut before %d", i).isEqualTo(arrives);
            if (arrives) {
                assertThat(COMPUTATIONS.verdict(id.run())).isEqualTo("VERIFIED");
            } else {
                assertThat(COMPUTATIONS.isChecked(id)).isFalse();
            }
        }
        assertThat(COMPUTATIONS.verdict(runs.getLast())).isEqualTo("VERIFIED");
    }
}
