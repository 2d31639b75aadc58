// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.CountingProgram;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;

/// Runs a program of the stand-in VM at all parties of a site: deliveries in committed, one after the other.
final class StandInRuns {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final SecureRandom RANDOM = new SecureRandom();

    private StandInRuns() {}

    /// What P0's VM saw.
    ///
    /// @param run of the program
    /// @param moments before each delivery, and after the last, as [System#nanoTime]
    record Seen(RunId run, List<Long> moments) {
        DeliveryId delivery(int sequence) {
            return new DeliveryId(run, sequence);
        }

        /// @return how long `deliver` took, in seconds
        double seconds(int sequence) {
            return (moments.get(sequence + 1) - moments.get(sequence)) / 1e9;
        }
    }

    static RunId freshRun() {
        return new RunId(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /// Delivers and waits until every VM has all acknowledgements.
    static Seen deliver(BenchSite site, RunId run, List<Shape> shapes) throws CommandException, InterruptedException {
        int parties = site.parties().size();
        var network = new VmNetwork(parties, PATIENCE);
        var moments = new ArrayList<Long>();
        var vms = new ArrayList<StandInVm>();
        try {
            for (int party = 0; party < parties; party++) {
                var program = new CountingProgram(BatchedShares.RING, run, party, parties, Scheme.COMMITTED, shapes);
                var faults = party == 0 ? noting(moments) : FaultInjection.NO_FAULTS;
                vms.add(new StandInVm(program, network, faults, Optional.of(site.certificates()), site.vmPort(party)));
            }
            for (var vm : vms) {
                requireGood(vm.await(PATIENCE));
            }
        } catch (IOException | TimeoutException e) {
            throw new CommandException("The stand-in VMs were not served in time; see the parties' service.log.", e);
        } finally {
            vms.forEach(StandInVm::close);
        }
        return new Seen(run, List.copyOf(moments));
    }

    private static FaultInjection noting(List<Long> moments) {
        return new FaultInjection() {
            @Override
            public void betweenDeliveries(int done) {
                moments.add(System.nanoTime());
            }
        };
    }

    private static void requireGood(DialogEnd ending) throws CommandException {
        if (!(ending instanceof DialogEnd.Acknowledged)) {
            throw new CommandException("A stand-in VM was not served to its end: " + ending + ".");
        }
    }
}
