// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// What Linux tells of a service's process.
///
/// @param folder below `/proc`
record MeasuredProcess(Path folder) {
    /// Linux counts processor time in hundredths of a second, whatever its clock does inside.
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final int KERNEL_TIME = 12;

    static MeasuredProcess of(long pid) {
        return new MeasuredProcess(Path.of("/proc", Long.toString(pid)));
    }

    /// @return seconds of all its threads, in the kernel too
    double processorSeconds() {
        return processorSeconds(read("stat"));
    }

    /// @param stat `/proc/PID/stat`; the second field is the program's name in parentheses
    static double processorSeconds(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length <= KERNEL_TIME
                ? 0
                : (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[KERNEL_TIME])) / TICKS_PER_SECOND;
    }

    /// @return bytes that it had written to storage: pages of files that it made dirty
    long bytesWritten() {
        return field(read("io"), "write_bytes").orElse(0);
    }

    /// Begins a new peak, if the system lets us.
    void forgetPeak() {
        try {
            Files.writeString(folder.resolve("clear_refs"), "5");
        } catch (IOException e) {
            // The peak is then that since the start.
        }
    }

    /// @return the most memory that was resident, in MiB
    long peakMebibytes() {
        return field(read("status"), "VmHWM").orElse(0) / 1024;
    }

    static OptionalLong field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
