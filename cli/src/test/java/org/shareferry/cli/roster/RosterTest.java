// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.member.Roster;
import tools.jackson.databind.json.JsonMapper;

class RosterTest {
    @TempDir
    Path folder;

    private Path roster;

    @BeforeEach
    void makeMembers() {
        roster = folder.resolve("roster.json");
        for (var member : new String[] {"P0", "P1", "R0"}) {
            Run.of("keygen", "--member", member, "--out", folder.resolve(member))
                    .succeeded();
        }
    }

    private Path line(String member) {
        return folder.resolve(member).resolve(member + ".member.json");
    }

    private Roster read() throws Exception {
        return Roster.parse(Files.readString(roster));
    }

    @Test
    void a_missing_roster_is_created_when_members_are_added() throws Exception {
        Run.of("roster", "add", "--roster", roster, line("P0")).succeeded();
        Run.of("roster", "add", "--roster", roster, line("R0"), line("P1")).succeeded();

        assertThat(read().members()).extracting(m -> m.name().toString()).containsExactly("P0", "P1", "R0");
    }

    @Test
    void adding_the_same_line_again_changes_nothing() throws Exception {
        Run.of("roster", "add", "--roster", roster, line("P0")).succeeded();
        var before = Files.readString(roster);

        Run.of("roster", "add", "--roster", roster, line("P0")).succeeded();

        assertThat(Files.readString(roster)).isEqualTo(before);
    }

    @Test
    void a_different_key_for_an_existing_member_needs_an_option() throws Exception {
        Run.of("roster", "add", "--roster", roster, line("P0")).succeeded();
        Run.of("keygen", "--member", "P0", "--out", folder.resolve("new")).succeeded();
        var other = folder.resolve("new/P0.member.json");

        Run.of("roster", "add", "--roster", roster, other).failedWith("has another line for P0");
        Run.of("roster", "add", "--roster", roster, other, "--replace").succeeded();

        assertThat(read().members()).hasSize(1);
    }

    @Test
    void during_a_key_change_both_keys_are_trusted_until_the_old_one_is_removed() throws Exception {
        Run.of("roster", "add", "--roster", roster, line("P0")).succeeded();
        var old = key();
        Run.of("keygen", "--member", "P0", "--out", folder.resolve("new")).succeeded();
        var line = folder.resolve("new/P0.member.json");

        Run.of("roster", "add", "--roster", roster, line, "--keep-keys").succeeded();
        var both = read().members().getFirst().identityKeys();
        Run.of("roster", "add", "--roster", roster, line, "--keep-keys").succeeded();

        assertThat(both).hasSize(2).endsWith(old);
        assertThat(read().members().getFirst().identityKeys()).isEqualTo(both);

        Run.of("roster", "add", "--roster", roster, line, "--replace").succeeded();

        assertThat(read().members().getFirst().identityKeys()).containsExactly(both.getFirst());
    }

    private IdentityPublicKey key() throws Exception {
        return read().members().getFirst().identityKeys().getFirst();
    }

    @Test
    void two_members_with_one_key_are_refused() throws Exception {
        var copy = folder.resolve("copy.json");
        Files.writeString(copy, Files.readString(line("P0")).replace("\"P0\"", "\"P7\""));

        Run.of("roster", "add", "--roster", roster, line("P0"), copy).failedWith("identity key");
        assertThat(roster).doesNotExist();
    }

    @Test
    void a_damaged_line_is_named_with_its_fault() throws Exception {
        var damaged = Files.writeString(folder.resolve("damaged.json"), "{\"name\":\"P0\"");
        var otherRole = Files.writeString(
                folder.resolve("role.json"), Files.readString(line("P0")).replace("party", "relay"));
        var smuggling = Files.writeString(
                folder.resolve("two.json"), Files.readString(line("P0")) + "," + Files.readString(line("P1")));

        Run.of("roster", "add", "--roster", roster, damaged).failedWith("damaged.json ends before it is complete");
        Run.of("roster", "add", "--roster", roster, otherRole).failedWith("role.json: P0 has the role party");
        Run.of("roster", "add", "--roster", roster, smuggling).failedWith("two.json is not well-formed");
    }

    @Test
    void roster_show_prints_the_digest_that_members_compare() throws Exception {
        Run.of("roster", "add", "--roster", roster, line("P0"), line("R0")).succeeded();

        var run = Run.of("roster", "show", "--roster", roster).succeeded();

        for (var member : read().members()) {
            assertThat(run.out()).contains(member.identityKeys().getFirst().id().toString());
        }
        assertThat(run.out())
                .contains("relay", "(only dials out)")
                .containsPattern("SHA-256 of the roster: [0-9a-f]{64}");
    }

    @Test
    void a_damaged_roster_is_named() throws Exception {
        Files.writeString(roster, "{}");

        Run.of("roster", "show", "--roster", roster).failedWith("roster.json: The roster lacks \"version\"");
    }

    @Test
    void programs_get_members_key_ids_and_the_digest() throws Exception {
        Run.of("roster", "add", "--roster", roster, line("P0")).succeeded();

        var json = new JsonMapper()
                .readTree(Run.of("roster", "show", "--roster", roster, "-o", "json")
                        .succeeded()
                        .out());

        assertThat(json.path("members").path(0).path("keyIds").path(0).asString())
                .isEqualTo(read().members()
                        .getFirst()
                        .identityKeys()
                        .getFirst()
                        .id()
                        .toString());
        assertThat(Run.of("roster", "show", "--roster", roster).succeeded().out())
                .contains(json.path("sha256").asString());
    }
}
