// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.keys.PrivateFile.Process;

/// One rule for every private file: identity keys, opening keys, TLS keys, MP-SPDZ keys, databases.
class PrivateFileTest {
    private static final int US = 10_001;
    private static final int OUR_GROUP = 10_001;
    private static final int LENT_GROUP = 2_000;
    private static final Process SERVICE = new Process(US, Set.of(OUR_GROUP, LENT_GROUP));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(textBlock = """
                    rw-------, 10001, 10001, our own file
                    r--r-----, 0,     10001, a Secret of Kubernetes: root's and lent to fsGroup
                    rw-rw----, 10001, 10001, our own file on a volume after fsGroup was applied
                    rw-rw----, 10001, 2000,  the same with a supplementary group
                    rw-r-----, 0,     0,     an administrator's file with an ACL: the group's bits are its mask
                    """)
    void a_file_for_owner_or_lender_is_accepted(String mode, int owner, int group, String why) {
        var permissions = PosixFilePermissions.fromString(mode);

        var exposure = PrivateFile.exposure(permissions, owner, group, SERVICE);

        assertThat(exposure).as(why).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    rw-r--r--, 10001, 10001, everyone
                    rw----r--, 0,     10001, everyone
                    rw-----w-, 0,     10001, everyone
                    rw-r-----, 10001, 100,   a group that this process is not in
                    rw--w----, 10001, 100,   a group that this process is not in
                    """)
    void an_exposed_file_is_refused_with_who_has_access(String mode, int owner, int group, String who) {
        var permissions = PosixFilePermissions.fromString(mode);

        var exposure = PrivateFile.exposure(permissions, owner, group, SERVICE);

        assertThat(exposure).hasValue(who + " (" + mode + ")");
    }

    @Test
    void a_file_of_this_process_and_its_own_group_is_accepted_on_disk() throws Exception {
        var file = Files.createFile(folder.resolve("key.pem"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(PrivateFile.exposure(file)).isEmpty();
    }

    @Test
    void other_users_who_can_write_or_replace_a_file_are_named() throws Exception {
        var file =
                Files.createFile(Files.createDirectory(folder.resolve("config")).resolve("trust.pem"));

        assertThat(writers(file, 0644, 0755)).isEmpty();
        assertThat(writers(file, 0664, 0775)).as("our own group").isEmpty();
        assertThat(writers(file, 0666, 0755)).hasValue("everyone (rw-rw-rw-)");
        assertThat(writers(file, 0644, 0777)).hasValue("everyone (rwxrwxrwx) through its folder");
        assertThat(writers(file, 0644, 01777)).as("a sticky folder").isEmpty();
        var link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(PrivateFile.writers(link)).isEmpty();
        assertThat(writers(file, 0646, 0755))
                .isEqualTo(PrivateFile.writers(link))
                .isPresent();
    }

    private static Optional<String> writers(Path file, int mode, int folder) throws IOException {
        Files.setAttribute(file.getParent(), "unix:mode", folder);
        Files.setAttribute(file, "unix:mode", mode);
        return PrivateFile.writers(file);
    }

    @Test
    void what_is_made_is_for_the_owner_only_and_what_is_exposed_is_restricted() throws Exception {
        var made = folder.resolve("made");
        var exposed = Files.createFile(folder.resolve("exposed"));
        Files.setPosixFilePermissions(exposed, PosixFilePermissions.fromString("rw-r--r--"));

        PrivateFile.makeOrRestrict(made);
        PrivateFile.makeOrRestrict(exposed);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(exposed)))
                .isEqualTo("rw-------");
    }
}
