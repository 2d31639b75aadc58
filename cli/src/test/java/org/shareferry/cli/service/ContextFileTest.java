// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.Run;
import org.shareferry.member.MemberName;

class ContextFileTest {
    @TempDir
    private Path folder;

    private ContextFile context(String yaml) throws Exception {
        Files.writeString(folder.resolve("shareferry.yml"), yaml);
        return ContextFile.in(folder).orElseThrow();
    }

    @Test
    void a_context_file_names_a_folder_beside_it() throws Exception {
        Run.of("init", "--dir", folder.resolve("site")).succeeded();

        var context = context("dir: site\n");

        assertThat(context.folder()).contains(folder.resolve("site"));
        assertThat(context.deployment().require(MemberName.client(0)).address()).hasScheme("https");
    }

    @Test
    void a_context_file_names_services_and_their_certificates() throws Exception {
        var context = context("""
                services:
                  C0: {address: "https://localhost:8443", dir: member}
                  P1: {address: "https://localhost:8444", dir: /etc/shareferry}
                """);

        var deployment = context.deployment();

        assertThat(context.folder()).isEmpty();
        var client = deployment.require(MemberName.client(0));
        assertThat(client.address()).hasToString("https://localhost:8443");
        assertThat(deployment.folderOf(client)).isEqualTo(folder.resolve("member"));
        assertThat(deployment.folderOf(deployment.require(MemberName.party(1)))).isEqualTo(Path.of("/etc/shareferry"));
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> deployment.require(MemberName.party(0)))
                .withMessageContaining("shareferry.yml has no member P0; it has P1, C0.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dri: site | \"dri\" is unknown; there is dir and services",
                "{dir: site, services: {}} | either \"dir\" or \"services\"",
                "dir: 7 | \"dir\" must be a folder",
                "[dir] | must be a list of names with values",
                "services: {C0: {address: 'http://localhost', dir: member}} | \"address\" of C0 must be such as https://",
                "services: {C0: {address: 'https://localhost:1'}} | \"dir\" of C0 must be a folder",
                "services: {C0: {address: 'https://localhost:1', dir: a, key: b}} | \"key\" of C0 is unknown",
                "services: {X0: {address: 'https://localhost:1', dir: a}} | is no member's name",
                "services: | \"services\" must be a list",
                "!!java.net.URL [\"https://localhost\"] | is not well-formed YAML",
                "{ | is not well-formed YAML",
            })
    void an_invalid_context_file_is_explained_in_one_sentence(String yaml, String part) throws Exception {
        var context = context(yaml);

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(context::deployment)
                .withMessageContaining(part)
                .withMessageEndingWith(".");
    }

    @Test
    void a_file_that_others_can_change_is_not_used() throws Exception {
        var context = context("dir: site\n");
        Files.setPosixFilePermissions(context.file(), PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(context::deployment)
                .withMessageEndingWith(
                        "is not used: everyone (rw-rw-rw-) can change it. Name the deployment with --dir.");
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(context::folder)
                .withMessageContaining("can change it");
    }

    @Test
    void a_file_or_link_of_another_user_is_not_used() throws Exception {
        var context = context("dir: site\n");
        Assumptions.assumeTrue(Files.getOwner(context.file()).getName().equals("root"));
        var link = Files.createSymbolicLink(folder.resolve("link"), context.file());
        Files.setAttribute(link, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);

        assertThat(context.folder()).isPresent();
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(new ContextFile(link)::folder)
                .withMessageContaining("user 12345 can change it");

        Files.setAttribute(context.file(), "unix:uid", 12345);
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(context::folder)
                .withMessageContaining("user 12345 can change it");
    }

    @Test
    void a_missing_deployment_is_explained_with_the_ways_to_name_one() {
        var run = Run.of("status");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("use --dir DIR, the variable SHAREFERRY_DIR, or a file shareferry.yml");
    }
}
