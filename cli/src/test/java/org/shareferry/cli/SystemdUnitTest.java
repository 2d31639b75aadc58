// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The unit for a member without containers.
class SystemdUnitTest {
    private static final Path UNIT = Path.of("../deploy/systemd/shareferry.service");

    @TempDir
    Path folder;

    private static String value(String key) throws Exception {
        return Files.readAllLines(UNIT).stream()
                .filter(line -> line.startsWith(key + "="))
                .reduce((one, other) -> {
                    throw new AssertionError("Several lines begin with " + key);
                })
                .orElseThrow()
                .substring(key.length() + 1);
    }

    @Test
    void the_unit_starts_an_existing_command_in_its_only_writable_folder() throws Exception {
        var words = List.of(value("ExecStart").split(" "));

        var run = Main.commandLine(Clock.systemUTC())
                .parseArgs(words.subList(1, words.size()).toArray(String[]::new));

        assertThat(run.subcommand().commandSpec().name()).isEqualTo("run");
        assertThat(words).contains(value("ReadWritePaths"));
    }

    /// With a program that exists here: systemd-analyze looks for it.
    @Test
    void systemd_accepts_every_line() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "systemd-analyze"))),
                "systemd-analyze is not installed");
        var here = Files.writeString(
                folder.resolve("shareferry.service"),
                Files.readString(UNIT).replace("/opt/shareferry/shareferry", "/bin/sh"));

        var process = new ProcessBuilder("systemd-analyze", "verify", "--man=no", here.toString())
                .redirectErrorStream(true)
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).doesNotContain("shareferry.service");
    }
}
