// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.init.Plan;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServiceProcesses;
import org.shareferry.standin.CapturedProgram;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.PlayerData;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;

/// Stand-ins for the VMs of a captured run, in this process: each waits for its party-service as a VM does
/// and then sends what the captured one sent.
final class DemoVms implements AutoCloseable {
    /// Below the range from which operating systems assign ports to outgoing connections.
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;
    private static final int MAX_TRIES = 1_000;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Plan.Vms setting;
    private final List<StandInVm> vms;

    private DemoVms(Plan.Vms setting, List<StandInVm> vms) {
        this.setting = setting;
        this.vms = List.copyOf(vms);
    }

    /// Lets every party's VM listen, on ports in a row.
    ///
    /// @param programs of all parties, ascending
    /// @param certificates the folder where their certificates will be when a service connects
    /// @param patience how long they wait for each other
    static DemoVms listen(List<CapturedProgram> programs, Path certificates, Duration patience)
            throws CommandException {
        var random = new SecureRandom();
        int parties = programs.size();
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            var setting = new Plan.Vms(random.nextInt(FIRST_PORT, LAST_PORT - parties), certificates);
            var vms = new ArrayList<StandInVm>();
            try {
                var network = new VmNetwork(parties, patience);
                for (var program : programs) {
                    vms.add(vm(program, network, setting));
                }
                return new DemoVms(setting, vms);
            } catch (IOException e) {
                // Someone else has one of these ports.
                vms.forEach(StandInVm::close);
            }
        }
        throw new CommandException("This machine gives no " + parties
                + " free ports in a row on loopback; end other programs and try again.");
    }

    private static StandInVm vm(CapturedProgram program, VmNetwork network, Plan.Vms setting) throws IOException {
        var tls = Optional.of(new PlayerData(setting.certificates()));
        return new StandInVm(program, network, FaultInjection.NO_FAULTS, tls, setting.basePort() + program.party());
    }

    /// @return where they listen, for the settings of their services
    Plan.Vms setting() {
        return setting;
    }

    /// Creates a certificate for each VM, as MP-SPDZ's scripts do.
    void makeCertificates(Clock clock) throws CommandException, InterruptedException {
        var folder = setting.certificates();
        NewFiles.folder(folder);
        var certificates = new PlayerData(folder);
        var making = new ArrayList<Callable<Path>>();
        for (int party = 0; party < vms.size(); party++) {
            var name = "P" + party;
            making.add(() -> {
                certificates.make(name, clock.instant());
                return folder.resolve(name);
            });
        }
        try (var workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (var made : workers.invokeAll(making)) {
                made.get();
            }
        } catch (ExecutionException e) {
            throw new CommandException("Certificates cannot be written to " + folder + "; check its owner.", e);
        }
    }

    /// Waits until every service has acknowledged to its VM that everything is sealed and stored.
    ///
    /// @param patience how long all of it may take
    /// @throws CommandException when a service stops its VM's program, or anything breaks
    void await(Duration patience, ServiceProcesses services, Progress progress)
            throws CommandException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        var endings = new ArrayList<DialogEnd>();
        for (int party = 0; party < vms.size(); party++) {
            progress.show(party, vms.size(), "services have taken their VM's shares");
            endings.add(await(party, end, services));
            if (endings.getLast() instanceof DialogEnd.Acknowledged(int deliveries)) {
                progress.report("P" + party + "'s service took the shares of " + deliveries
                        + " deliveries from its VM and sealed them");
            }
        }
        requireGood(endings);
    }

    private DialogEnd await(int party, long end, ServiceProcesses services)
            throws CommandException, InterruptedException {
        while (true) {
            try {
                return vms.get(party).await(LOOK);
            } catch (TimeoutException e) {
                services.requireAlive();
                if (System.nanoTime() > end) {
                    throw new CommandException(
                            "The service of P" + party + " did not take the shares of its VM in time; its log"
                                    + " tells more, or try again with a longer --timeout.",
                            e);
                }
            }
        }
    }

    /// An error at one party's VM ends the others too, so look for that first.
    static void requireGood(List<DialogEnd> endings) throws CommandException {
        for (int party = 0; party < endings.size(); party++) {
            switch (endings.get(party)) {
                case DialogEnd.Stopped(long number) ->
                    throw new CommandException("The service of P" + party + " stopped its VM with error " + number
                            + "; P" + party + "/service.log has the reason.");
                case DialogEnd.Killed(String why) ->
                    throw new CommandException("The VM of P" + party + " died of its service: " + why + ".");
                case DialogEnd.Acknowledged all -> {}
                case DialogEnd.Broken broken -> {}
            }
        }
        for (int party = 0; party < endings.size(); party++) {
            if (endings.get(party) instanceof DialogEnd.Broken(int message)) {
                throw new CommandException("The connection of P" + party + " with its VM broke before message "
                        + message + "; P" + party + "/service.log has details.");
            }
        }
    }

    @Override
    public void close() {
        vms.forEach(StandInVm::close);
    }
}
