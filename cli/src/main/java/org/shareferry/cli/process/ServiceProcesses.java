// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.output.Progress;

/// All services of a deployment, started at the same time.
public final class ServiceProcesses {
    private static final long LOOK_MILLIS = 50;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final List<ServiceProcess> processes = new ArrayList<>();
    private boolean ended;

    /// Starts the services unless another program listens at one of their addresses.
    ///
    /// @param remedy what to do in that case, a clause for people
    /// @throws CommandException when an address is in use; then nothing was started
    public void start(ServicePrograms programs, Deployment deployment, String remedy, Progress progress)
            throws CommandException {
        var used = UsedAddress.in(deployment);
        if (used.isPresent()) {
            throw new CommandException("Another program already listens at "
                    + used.get().inWords() + ", so nothing was started: " + remedy + ".");
        }
        progress.report("starting the services of "
                + deployment.services().stream()
                        .map(service -> service.member().toString())
                        .collect(Collectors.joining(", ")));
        start(programs, deployment);
    }

    /// @throws CommandException when one cannot be started; those that were are still there to be stopped
    public synchronized void start(ServicePrograms programs, Deployment deployment) throws CommandException {
        for (var service : deployment.services()) {
            if (!ended) {
                processes.add(ServiceProcess.start(programs, deployment, service));
            }
        }
    }

    /// @param patience how long all of them may take
    /// @throws CommandException when one ends, or is not ready in time
    public void awaitReady(Duration patience, Progress progress) throws CommandException, InterruptedException {
        var waiting = new ArrayList<>(all());
        long end = System.nanoTime() + patience.toNanos();
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            while (!waiting.isEmpty()) {
                for (var process : List.copyOf(waiting)) {
                    progress.show(all().size() - waiting.size(), all().size(), "services are ready");
                    if (process.isReady(http)) {
                        waiting.remove(process);
                        progress.report(process.service().member() + "'s "
                                + process.service().artifact() + " is ready at "
                                + process.service().address());
                    }
                }
                if (System.nanoTime() > end) {
                    progress.clear();
                    throw new CommandException(
                            "The " + waiting.getFirst().service().artifact() + " of "
                                    + waiting.getFirst().service().member() + " was not ready within "
                                    + patience.toSeconds() + " s; try again with a longer --timeout. Its log is "
                                    + waiting.getFirst().log() + ".");
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    /// @throws CommandException when one ended without a request
    public void requireAlive() throws CommandException {
        for (var process : all()) {
            if (!hasEnded()) {
                process.requireAlive();
            }
        }
    }

    /// @return the processes' numbers, in the order of the deployment
    public List<Long> pids() {
        return all().stream().map(ServiceProcess::pid).toList();
    }

    /// Asks all to end and waits for it.
    ///
    /// @param grace after which they are killed
    public void stop(Duration grace) {
        var ending = end();
        ending.forEach(ServiceProcess::stop);
        ending.forEach(process -> process.awaitEnd(grace));
    }

    /// Ends all without asking: for deployments that are thrown away.
    public void kill() {
        var ending = end();
        ending.forEach(ServiceProcess::kill);
        ending.forEach(process -> process.awaitEnd(AFTER_KILL));
    }

    /// Waits until one ends, or all are stopped.
    ///
    /// @throws CommandException naming the one that ended without a request, and the reason
    public void watch() throws CommandException, InterruptedException {
        while (!hasEnded()) {
            Thread.sleep(BETWEEN_LOOKS);
            requireAlive();
        }
    }

    private synchronized List<ServiceProcess> end() {
        ended = true;
        return List.copyOf(processes);
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    private synchronized List<ServiceProcess> all() {
        return List.copyOf(processes);
    }
}
