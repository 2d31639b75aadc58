// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.init.Deployment;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;

class DemoPartsTest {
    private static final DeliveryId ID = DeliveryId.parse("e5ab0dd622448cd2803d738fd339b0f9-2");

    @TempDir
    Path folder;

    @Test
    void paths_in_commands_are_quoted_for_a_shell() {
        assertThat(DemoInstructions.quoted(Path.of("/tmp/demo-1/P0/user.crt"))).isEqualTo("/tmp/demo-1/P0/user.crt");
        assertThat(DemoInstructions.quoted(Path.of("/tmp/my demo/$(x)"))).isEqualTo("'/tmp/my demo/$(x)'");
        assertThat(DemoInstructions.quoted(Path.of("/tmp/Ann's"))).isEqualTo("'/tmp/Ann'\\''s'");
    }

    @Test
    void the_instructions_of_a_demo_have_commands_for_each_role_and_end_with_an_input() throws Exception {
        var deployment = new Deployment(
                Path.of("/d"), List.of(service("P0", 1), service("P1", 2), service("R0", 3), service("C0", 4)));

        var lines = new DemoInstructions(deployment, CapturedRun.shipped(), Protocol.SPDZ2K).lines();

        assertThat(lines)
                .contains(
                        "  curl -sS --cert /d/C0/user.crt --key /d/C0/user.key --cacert /d/C0/tls.crt"
                                + " https://127.0.0.1:4/v1/results",
                        "  curl -sS --cert /d/P1/user.crt --key /d/P1/user.key --cacert /d/P1/tls.crt"
                                + " https://127.0.0.1:2/v1/deliveries/" + ID,
                        "  export D=/d P0=https://127.0.0.1:1 P1=https://127.0.0.1:2 R0=https://127.0.0.1:3"
                                + " C0=https://127.0.0.1:4 ID=" + ID,
                        "  R0  https://127.0.0.1:3/  /d/R0/user.p12")
                .endsWith("  echo 42 | shareferry input --dir /d --member C0 --label 7 --parties P0,P1"
                        + " --protocols spdz2k --precision 0 --bits 64 --format csv -");
    }

    private static Deployment.Service service(String member, int port) {
        return new Deployment.Service(
                MemberName.parse(member),
                URI.create("https://127.0.0.1:" + port),
                URI.create("http://127.0.0.1:" + (port + 100)));
    }

    @Test
    void the_demos_temporary_folder_is_for_its_owner_only_and_is_deleted_at_the_end() throws Exception {
        Path made;
        try (var demo = DemoFolder.make(folder)) {
            made = demo.deployment().getParent();
            assertThat(made).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
        }

        assertThat(made).doesNotExist();
    }

    @Test
    void the_folder_of_a_demo_that_was_killed_is_deleted_by_the_next() throws Exception {
        var abandoned = Files.createDirectory(folder.resolve("shareferry-demo-1"));
        Files.writeString(abandoned.resolve("running"), "");
        var foreign = Files.createDirectory(folder.resolve("shareferry-demo-of-mine"));

        try (var running = DemoFolder.make(folder);
                var other = DemoFolder.make(folder)) {
            assertThat(abandoned).doesNotExist();
            assertThat(foreign).exists();
            assertThat(running.deployment().getParent()).exists();
            assertThat(other.deployment().getParent()).exists();
        }
    }

    @Test
    void the_logs_of_a_demo_that_failed_outlive_its_folder() throws Exception {
        Path kept;
        try (var demo = DemoFolder.make(folder)) {
            var member = Files.createDirectories(demo.deployment().resolve("P0"));
            Files.writeString(member.resolve("service.log"), "why");
            Files.writeString(member.resolve("identity.pem"), "secret");

            kept = demo.keepLogs(folder).orElseThrow();
        }

        assertThat(kept.resolve("P0/service.log")).hasContent("why");
        assertThat(kept.resolve("P0/identity.pem")).doesNotExist();
        try (var next = DemoFolder.make(folder)) {
            assertThat(kept).exists();
            assertThat(next.keepLogs(folder)).isEmpty();
        }
    }
}
