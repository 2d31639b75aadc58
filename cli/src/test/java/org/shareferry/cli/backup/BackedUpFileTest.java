// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cli.backup.Manifest.Stored;
import org.shareferry.member.MemberName;

class BackedUpFileTest {
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");

    private static BackedUpFile file(String name) {
        return new BackedUpFile(name, 1, "00".repeat(32), Optional.empty());
    }

    private static Manifest manifest(BackedUpFile... files) {
        return new Manifest(
                MemberName.client(0), "1", TIME, false, new Stored("sqlite", "1.1", "a.db"), List.of(), List.of(files));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../roster.json",
                "/etc/passwd",
                "a/../../b",
                "a//b",
                "",
                ".",
                "..",
                "a/",
                ".ssh/authorized_keys",
                "-rf",
                "a/-b",
                "a\\b",
                "a b",
                "a\nb",
                "é",
                "outside/a"
            })
    void names_that_could_lead_elsewhere_are_refused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> file(name));
    }

    @Test
    void names_are_at_most_as_long_as_in_a_tar_header() {
        assertThat(file("a".repeat(100)).name()).hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() -> file("a".repeat(101)));
    }

    @Test
    void a_manifest_names_each_file_once_and_includes_the_database() {
        assertThat(Manifest.parse(manifest(file("a.db"), file("b")).toJson()))
                .isEqualTo(manifest(file("a.db"), file("b")));
        assertThatIllegalArgumentException().isThrownBy(() -> manifest(file("a.db"), file("b"), file("B")));
        assertThatIllegalArgumentException().isThrownBy(() -> manifest(file("a.db"), file("manifest.json")));
        assertThatIllegalArgumentException().isThrownBy(() -> manifest(file("b")));
    }

    @Test
    void a_backup_of_another_format_says_so() {
        var json = manifest(file("a.db")).toJson().replace("\"format\" : 1", "\"format\" : 2");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Manifest.parse(json))
                .withMessageContaining("has format 2, and this version reads format 1");
    }

    /// Base 256 as in GNU tar's manual, "Basic Tar Format".
    @Test
    void sizes_from_eight_gibibytes_on_are_written_in_base_256() {
        var largest = TarHeader.of("a", (8L << 30) - 1, TIME);
        var larger = TarHeader.of("a", 8L << 30, TIME);

        assertThat(new String(largest, 124, 11, StandardCharsets.US_ASCII)).isEqualTo("77777777777");
        assertThat(java.util.HexFormat.of().formatHex(larger, 124, 136)).isEqualTo("800000000000000200000000");
    }
}
