// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import tools.jackson.databind.json.JsonMapper;

/// What each fault looks like is the business of the tests of `org.shareferry.doctor`; here is the command.
class DoctorTest {
    /// Neighbours are asked by the real clock.
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path parent;

    private Path deployment() {
        var folder = parent.resolve("site");
        Run.at(NOW, "init", "--dir", folder).succeeded();
        return folder;
    }

    private static Map<Path, FileTime> times(Path folder) throws Exception {
        var times = new HashMap<Path, FileTime>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void it_tells_of_every_member_what_was_checked_and_what_mends_it() {
        var run = Run.at(NOW, "doctor", "--dir", deployment());

        assertThat(run.code()).as("nothing runs yet, so the relay is silent").isEqualTo(1);
        assertThat(run.out().lines())
                .anyMatch(line -> line.startsWith("P1 in "))
                .anyMatch(line -> line.startsWith("✓ ") && line.contains("tls.crt"))
                .anyMatch(line -> line.startsWith("✗ ") && line.contains("The connection is refused"))
                .anyMatch(line -> line.strip().startsWith("mend: "));
    }

    @Test
    void it_changes_nothing() throws Exception {
        var folder = deployment();
        var before = times(folder);

        Run.at(NOW, "doctor", "--dir", folder);

        assertThat(times(folder)).isEqualTo(before);
    }

    @Test
    void machines_get_json() throws Exception {
        var folder = deployment();
        Files.setPosixFilePermissions(
                folder.resolve("P0").resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));

        var json = JsonMapper.shared()
                .readTree(Run.at(NOW, "doctor", "--json", "--dir", folder.resolve("P0"))
                        .out());

        assertThat(json.get("faults").asInt()).isPositive();
        assertThat(json.get("findings").findValuesAsString("fault")).contains("key-open-to-others");
    }

    @Test
    void the_command_that_mends_an_expired_certificate_mends_it() throws Exception {
        var folder = deployment().resolve("P1");
        var old = parent.resolve("old");
        Run.at(
                        NOW.minus(Duration.ofDays(2)),
                        "certificates",
                        "--member",
                        "P1",
                        "--host",
                        "localhost",
                        "--days",
                        1,
                        "--out",
                        old)
                .succeeded();
        for (var name : List.of("tls.crt", "tls.key")) {
            Files.move(old.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }

        for (var step : expired(folder).getFirst().replaceFirst(" # .*", "").split(" && ")) {
            var words = step.split(" ");
            if (words[0].equals("mv")) {
                Files.move(Path.of(words[1]), Path.of(words[2]), StandardCopyOption.REPLACE_EXISTING);
            } else {
                Run.at(NOW, (Object[]) Arrays.copyOfRange(words, 1, words.length))
                        .succeeded();
            }
        }

        assertThat(expired(folder)).isEmpty();
        assertThat(Files.readString(folder.resolve("trust.pem")))
                .contains(body(folder.resolve("tls.crt")))
                .contains(body(folder.resolve("new").resolve("user.crt")));
    }

    private static String body(Path certificate) throws Exception {
        return Files.readString(certificate).replaceFirst("(?s)^.*?-----BEGIN", "-----BEGIN");
    }

    /// @return what mends expired certificates
    private static List<String> expired(Path folder) {
        var findings = JsonMapper.shared()
                .readTree(Run.at(NOW, "doctor", "--json", "--dir", folder).out())
                .get("findings");
        return findings.values().stream()
                .filter(finding -> finding.path("fault").asString("").equals("expired-certificate"))
                .map(finding -> finding.get("mend").asString())
                .toList();
    }

    @Test
    void a_folder_of_mp_spdz_needs_no_member() throws Exception {
        var empty = Files.createDirectory(parent.resolve("Player-Data"));

        var run = Run.at(NOW, "doctor", "--mpspdz", empty, "--party", 0, "--client", 0);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("C0.pem").contains("P0.pem").doesNotContain("application.yml");
    }

    @Test
    void a_folder_without_settings_is_told_as_a_fault() {
        var run = Run.at(NOW, "doctor", "--dir", parent);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("✗").contains("There is no application.yml");
    }
}
