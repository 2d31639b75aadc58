// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Counts the system calls fsync and fdatasync of processes by `perf stat`, which does not slow them down; where
/// there is no perf, or it may not look, nothing is counted.
final class FsyncCount implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final Optional<Process> perf;
    private final Path output;

    private FsyncCount(Optional<Process> perf, Path output) {
        this.perf = perf;
        this.output = output;
    }

    /// Begins to count.
    ///
    /// @param folder for what perf prints
    static FsyncCount of(List<Long> pids, Path folder) {
        var output = folder.resolve("fsyncs");
        var command = List.of(
                "perf",
                "stat",
                "-x",
                ",",
                "-e",
                "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync",
                "-p",
                pids.stream().map(Object::toString).collect(Collectors.joining(",")));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        try {
            return new FsyncCount(Optional.of(builder.start()), output);
        } catch (IOException e) {
            return new FsyncCount(Optional.empty(), output);
        }
    }

    /// Ends the counting.
    ///
    /// @return how many there were; empty when they could not be counted
    OptionalLong stop() throws InterruptedException {
        if (perf.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            // As Ctrl-C: on other signals perf prints nothing.
            new ProcessBuilder("kill", "-INT", Long.toString(perf.get().pid()))
                    .start()
                    .waitFor();
            perf.get().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return sum(Files.readString(output));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /// @param output of `perf stat -x ,`
    /// @return the sum; empty when a line is missing or has no number
    static OptionalLong sum(String output) {
        var counts = output.lines()
                .filter(line -> line.contains(",syscalls:"))
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
        // What never happened on any thread is not counted either, but not all can be so.
        var numbers = counts.stream().filter(count -> count.matches("[0-9]+")).toList();
        return numbers.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(numbers.stream().mapToLong(Long::parseLong).sum());
    }

    @Override
    public void close() {
        perf.ifPresent(Process::destroy);
    }
}
