// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServiceProcesses;
import org.shareferry.cli.process.ServicePrograms;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.standin.PlayerData;

/// Parties, a relay and a client as processes, which look for their parties' VMs and take hand-overs by REST.
final class BenchSite implements AutoCloseable {
    static final MemberName CLIENT = MemberName.client(0);
    static final MemberName RELAY = Plan.RELAY;
    private static final Duration READY = Duration.ofMinutes(2);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private final Deployment deployment;
    private final Plan.Vms vms;
    private final ServicePrograms programs;
    private final Progress progress;
    private final Map<MemberName, ServiceProcesses> processes = new LinkedHashMap<>();
    private final Map<MemberName, Endpoint> endpoints = new LinkedHashMap<>();

    private BenchSite(Deployment deployment, Plan.Vms vms, ServicePrograms programs, Progress progress) {
        this.deployment = deployment;
        this.vms = vms;
        this.programs = programs;
        this.progress = progress;
    }

    /// Makes keys, certificates and settings; nothing runs yet.
    ///
    /// @param folder new
    /// @param parties N
    /// @param programs how services are started
    static BenchSite make(Path folder, int parties, ServicePrograms programs, Progress progress, Clock clock)
            throws CommandException, KeyFileException {
        var vms = new Plan.Vms(freePorts(parties), folder.resolve("Player-Data"));
        var plan = new Plan(
                folder.resolve("deployment"), parties, List.of(CLIENT), "spdz2k", Optional.empty(), Optional.of(vms));
        var site = new BenchSite(new DeploymentMaker(clock).make(plan), vms, programs, progress);
        try {
            var certificates = site.certificates();
            Files.createDirectories(certificates.folder());
            for (int party = 0; party < parties; party++) {
                certificates.make("P" + party, clock.instant());
            }
        } catch (IOException e) {
            throw new CommandException("Certificates cannot be written to " + folder + "; check its owner.", e);
        }
        for (var service : site.deployment.services()) {
            site.endpoints.put(service.member(), Endpoint.of(site.deployment, service, clock));
        }
        return site;
    }

    /// Ports in a row, below those that operating systems give to outgoing connections.
    private static int freePorts(int count) {
        int port = RANDOM.nextInt(FIRST_PORT, LAST_PORT);
        return IntStream.range(port, port + count).allMatch(BenchSite::isFree) ? port : freePorts(count);
    }

    private static boolean isFree(int port) {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Starts all services at the same time and waits until they are ready.
    ///
    /// @return seconds that it took
    double startAll() throws CommandException, InterruptedException {
        long begin = System.nanoTime();
        for (var service : deployment.services()) {
            launch(service.member());
        }
        for (var one : processes.values()) {
            one.awaitReady(READY, progress);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /// Starts a service that was ended and waits until it is ready.
    void start(MemberName member) throws CommandException, InterruptedException {
        launch(member).awaitReady(READY, progress);
    }

    private ServiceProcesses launch(MemberName member) throws CommandException {
        var one = new ServiceProcesses();
        processes.put(member, one);
        one.start(programs, new Deployment(deployment.folder(), List.of(deployment.of(member))));
        return one;
    }

    /// Ends a service without asking.
    void kill(MemberName member) {
        Optional.ofNullable(processes.get(member)).ifPresent(ServiceProcesses::kill);
    }

    void killAll() {
        processes.values().forEach(ServiceProcesses::kill);
    }

    List<MemberName> parties() {
        return deployment.ofRole(Role.PARTY).stream()
                .map(Deployment.Service::member)
                .toList();
    }

    List<MemberName> members() {
        return deployment.services().stream().map(Deployment.Service::member).toList();
    }

    Endpoint endpoint(MemberName member) {
        var endpoint = endpoints.get(member);
        if (endpoint == null) {
            throw new IllegalArgumentException("There is no " + member + ".");
        }
        return endpoint;
    }

    /// @return what the system tells of a service that runs
    MeasuredProcess process(MemberName member) {
        var one = processes.get(member);
        if (one == null) {
            throw new IllegalArgumentException(member + " does not run.");
        }
        return MeasuredProcess.of(one.pids().getFirst());
    }

    List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        processes.values().forEach(one -> pids.addAll(one.pids()));
        return pids;
    }

    /// @return seconds of processors that all services used so far
    double processorSeconds() {
        return pids().stream()
                .mapToDouble(pid -> MeasuredProcess.of(pid).processorSeconds())
                .sum();
    }

    int vmPort(int party) {
        return vms.basePort() + party;
    }

    PlayerData certificates() {
        return new PlayerData(vms.certificates());
    }

    Path folder() {
        return deployment.folder();
    }

    @Override
    public void close() {
        killAll();
        endpoints.values().forEach(Endpoint::close);
    }
}
