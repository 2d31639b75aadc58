// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.keys.KeyFiles;

class KeygenTest {
    @TempDir
    Path folder;

    @Test
    void the_roster_line_has_the_public_half_of_the_key_that_stays_here() throws Exception {
        Run.of("keygen", "--member", "P1", "--out", folder).succeeded();

        var line = MemberLine.read(folder.resolve("P1.member.json"));
        assertThat(line.name()).hasToString("P1");
        assertThat(line.address()).isEmpty();
        try (var key = KeyFiles.readIdentityKey(folder.resolve("identity.pem"))) {
            assertThat(line.identityKeys()).containsExactly(key.publicKey());
        }
    }

    @Test
    void the_key_is_for_its_owner_only() throws Exception {
        Run.of("keygen", "--member", "P1", "--out", folder).succeeded();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("identity.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void the_roster_line_contains_the_given_address() throws Exception {
        Run.of("keygen", "--member", "R0", "--out", folder, "--address", "https://relay.example.org:8443")
                .succeeded();

        assertThat(MemberLine.read(folder.resolve("R0.member.json")).address())
                .contains(URI.create("https://relay.example.org:8443"));
    }

    @Test
    void keygen_prints_the_roster_line_without_the_private_key() throws Exception {
        var run = Run.of("keygen", "--member", "P1", "--out", folder).succeeded();

        assertThat(run.out()).contains("\"name\" : \"P1\"").contains("key id").doesNotContain("PRIVATE");
    }

    @Test
    void a_key_is_never_overwritten() throws Exception {
        Run.of("keygen", "--member", "P1", "--out", folder).succeeded();
        var before = Files.readString(folder.resolve("identity.pem"));

        Run.of("keygen", "--member", "P1", "--out", folder).failedWith("already exists");

        assertThat(Files.readString(folder.resolve("identity.pem"))).isEqualTo(before);
    }
}
