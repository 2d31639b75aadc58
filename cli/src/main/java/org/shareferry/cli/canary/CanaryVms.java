// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.module.MpSpdzPrograms;
import org.shareferry.crypto.Bytes;
import org.shareferry.standin.HeldPorts;
import org.shareferry.standin.PlayerData;

/// All VMs of a canary, on this machine and with certificates of their own, in a folder that is deleted afterwards.
///
/// @param folder where they run
/// @param setup what runs
/// @param port base on which the program is compiled to listen
record CanaryVms(Path folder, Setup setup, int port) {
    private static final String PROGRAM = "shareferry_canary";
    private static final String CERTIFICATES = "Player-Data";

    /// What runs.
    ///
    /// @param binary the VMs' program
    /// @param compiler MP-SPDZ's compile.py
    /// @param parties N
    /// @param takesNumber whether the binary needs the option for N
    /// @param ring bits of the ring that the canary is compiled for; none for a prime field
    /// @param options for each VM
    /// @param patience how long each step may take
    record Setup(
            Path binary,
            Path compiler,
            int parties,
            boolean takesNumber,
            Optional<Integer> ring,
            List<String> options,
            Duration patience) {
        Setup {
            options = List.copyOf(options);
        }
    }

    /// Compiles the canary and makes certificates.
    ///
    /// @param folder an empty one
    static CanaryVms prepare(Path folder, Setup setup, Clock clock) throws CommandException, InterruptedException {
        try {
            for (var name : List.of("Source", "Bytecode", "Schedules", "Functions", "Public-Input")) {
                Files.createDirectories(folder.resolve("Programs").resolve(name));
            }
            Files.writeString(source(folder), MpSpdzPrograms.read(MpSpdzPrograms.CANARY));
            var certificates = new PlayerData(Files.createDirectory(folder.resolve(CERTIFICATES)));
            for (int party = 0; party < setup.parties(); party++) {
                certificates.make("P" + party, clock.instant());
            }
            var vms = new CanaryVms(folder, setup, freePorts(setup.parties()));
            vms.compile();
            return vms;
        } catch (IOException e) {
            throw new CommandException("The canary cannot be prepared in " + folder + "; is there room?", e);
        }
    }

    private static Path source(Path folder) {
        return folder.resolve("Programs/Source").resolve(MpSpdzPrograms.CANARY);
    }

    private static int freePorts(int count) throws IOException {
        try (var ports = HeldPorts.inARow(count)) {
            return ports.first();
        }
    }

    private void compile() throws IOException, CommandException, InterruptedException {
        var command = new ArrayList<>(List.of(setup.compiler().toString()));
        setup.ring().ifPresent(bits -> command.addAll(List.of("-R", bits.toString())));
        // By its path: the folder of MP-SPDZ may have a program of this name, too (`shareferry module`).
        command.addAll(List.of(source(folder).toAbsolutePath().toString(), Integer.toString(port)));
        var log = folder.resolve("compile.log");
        var process = start(command, log);
        if (!process.waitFor(setup.patience().toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new CommandException(
                    "MP-SPDZ cannot compile the canary. Last line of " + setup.compiler() + ": " + lastLine(log));
        }
    }

    private Process start(List<String> command, Path log) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
        return builder.start();
    }

    private static String lastLine(Path log) throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((before, after) -> after)
                .orElse("nothing");
    }

    /// Runs all VMs once.
    ///
    /// @param numbers the number for each party's VM, 8 bytes each
    /// @return the result of each VM
    List<CanaryRunResult> run(List<Bytes> numbers) throws CommandException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            int base = freePorts(setup.parties());
            List<Callable<CanaryRunResult>> clients = new ArrayList<>();
            for (int party = 0; party < setup.parties(); party++) {
                processes.add(start(command(party, base), log(party)));
                var certificate = folder.resolve(CERTIFICATES).resolve("P" + party + ".pem");
                var client = new CanaryClient(port + party, certificate, setup.patience());
                var m = numbers.get(party);
                clients.add(() -> client.run(m));
            }
            List<CanaryRunResult> results = new ArrayList<>();
            for (var client : workers.invokeAll(clients)) {
                results.add(client.get());
            }
            return results;
        } catch (IOException | ExecutionException e) {
            throw new CommandException(
                    "The VMs of the canary did not run as expected. Their last lines: " + lastLines(), e);
        } finally {
            for (var process : processes) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private List<String> command(int party, int base) {
        var command = new ArrayList<>(List.of(
                setup.binary().toString(),
                Integer.toString(party),
                PROGRAM + "-" + port,
                "-pn",
                Integer.toString(base),
                "-h",
                "localhost"));
        if (setup.takesNumber()) {
            command.addAll(List.of("-N", Integer.toString(setup.parties())));
        }
        command.addAll(setup.options());
        return command;
    }

    private Path log(int party) {
        return folder.resolve("P" + party + ".log");
    }

    private String lastLines() {
        var lines = new ArrayList<String>();
        for (int party = 0; party < setup.parties(); party++) {
            try {
                lines.add("P" + party + ": " + lastLine(log(party)));
            } catch (IOException e) {
                lines.add("P" + party + ": nothing");
            }
        }
        return String.join("; ", lines);
    }
}
