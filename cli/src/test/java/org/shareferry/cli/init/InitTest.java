// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Main;
import org.shareferry.cli.Run;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

class InitTest {
    private static final List<String> FILES = List.of(
            "application.yml", "identity.pem", "tls.crt", "tls.key", "trust.pem", "user.crt", "user.key", "user.p12");

    @TempDir
    Path parent;

    private Path folder;

    @BeforeEach
    void nameFolder() {
        folder = parent.resolve("demo");
    }

    private Run init(Object... more) {
        var arguments = new ArrayList<Object>(List.of("init", "--dir", folder));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void the_commands_that_make_missing_certificates_of_vms_are_printed() throws Exception {
        var playerData = Files.createDirectory(parent.resolve("Player Data"));
        Files.createFile(playerData.resolve("P0.pem"));

        var run = init("--protocol", "spdz2k", "--vm-port", 14_000, "--mpspdz", playerData)
                .succeeded();

        assertThat(run.out())
                .endsWith(playerData + " has no certificates of these VMs yet. To make them:\n"
                        + "  shareferry vm-certificates --mpspdz '" + playerData + "' --party 1\n");
    }

    @Test
    void init_shows_its_progress_on_a_terminal() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dshareferry.terminal=err",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "init",
                        "--dir",
                        folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var shown = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(shown).contains("1 of 4 members have keys and certificates").endsWith("\r\u001b[K");
    }

    @Test
    void a_deployment_without_vms_needs_no_certificates_of_vms() {
        assertThat(init().succeeded().out()).doesNotContain("vm-certificates");
    }

    @Test
    void every_member_has_a_folder_with_its_keys_certificates_and_settings() throws Exception {
        init("--parties", 3, "--client", "C0,C4").succeeded();

        for (var member : List.of("P0", "P1", "P2", "R0", "C0", "C4")) {
            try (var files = Files.list(folder.resolve(member))) {
                assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(FILES);
            }
        }
    }

    @Test
    void secrets_and_folders_are_for_their_owner_only() throws Exception {
        init().succeeded();

        assertThat(mode(folder)).isEqualTo("rwx------");
        for (var member : List.of("P0", "P1", "R0", "C0")) {
            assertThat(mode(folder.resolve(member))).isEqualTo("rwx------");
            for (var secret : List.of("identity.pem", "tls.key", "user.key", "user.p12")) {
                assertThat(mode(folder.resolve(member).resolve(secret))).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void the_roster_pins_each_members_key_and_has_the_addresses_of_dialled_members() throws Exception {
        init().succeeded();

        var roster = Roster.parse(Files.readString(folder.resolve("roster.json")));
        for (var member : roster.members()) {
            try (var key = KeyFiles.readIdentityKey(
                    folder.resolve(member.name().toString()).resolve("identity.pem"))) {
                assertThat(member.identityKeys()).containsExactly(key.publicKey());
            }
        }
        assertThat(roster.members())
                .filteredOn(member -> member.address().isPresent())
                .extracting(member -> member.name().toString())
                .containsExactly("R0", "C0");
    }

    @Test
    void parties_and_clients_trust_the_relay_and_themselves_and_not_each_other() throws Exception {
        init().succeeded();

        assertThat(trusted("P0")).containsExactlyInAnyOrder("P0", "P0-user", "R0");
        assertThat(trusted("P1")).containsExactlyInAnyOrder("P1", "P1-user", "R0");
        assertThat(trusted("C0")).containsExactlyInAnyOrder("C0", "C0-user", "R0");
        assertThat(trusted("R0")).containsExactlyInAnyOrder("R0", "R0-user", "P0", "P1", "C0");
    }

    private List<String> trusted(String member) throws Exception {
        return CertificateFiles.read(folder.resolve(member).resolve("trust.pem")).stream()
                .map(certificate ->
                        certificate.getSubjectX500Principal().getName().substring("CN=".length()))
                .toList();
    }

    @Test
    void settings_of_clients_contain_their_trust_if_it_is_not_the_default() throws Exception {
        init("--protocol", "ps-rep-ring", "--parties", 3, "--honest-majority-protocols", "ps-rep-ring,rep4-ring")
                .succeeded();

        assertThat(Files.readString(folder.resolve("C0/application.yml")))
                .contains("honest-majority-protocols: ps-rep-ring, rep4-ring\n")
                .doesNotContain("min-threshold");
    }

    @Test
    void a_majority_cannot_be_trusted_for_a_passive_protocol() {
        init("--honest-majority-protocols", "replicated-ring").failedWith("not [replicated-ring]");
    }

    @Test
    void settings_contain_the_services_name_and_port() throws Exception {
        init("--protocol", "mascot", "--base-port", 20_000).succeeded();

        assertThat(Files.readString(folder.resolve("P1/application.yml")))
                .contains("member: P1\n", "users: P1-user\n", "protocol: mascot\n", "address: 127.0.0.1\n")
                .contains("port: 20002\n", "port: 20003\n");
        assertThat(Files.readString(folder.resolve("C0/application.yml"))).contains("parties: P0, P1\n");
    }

    @Test
    void the_assumed_protocol_of_a_demo_is_printed() throws Exception {
        var run = init().succeeded();

        assertThat(Files.readString(folder.resolve("P0/application.yml"))).contains("\n    protocol: spdz2k\n");
        assertThat(run.out()).contains("set to protocol spdz2k, for a demo");
    }

    @Test
    void the_protocol_of_real_vms_is_never_assumed() throws Exception {
        var mpspdz = Files.createDirectory(parent.resolve("Player-Data"));

        init("--vm-port", 14_000, "--mpspdz", mpspdz).failedWith("--vm-port needs --protocol");
    }

    @Test
    void settings_of_parties_contain_the_vms_port_and_certificates() throws Exception {
        var mpspdz = Files.createDirectory(parent.resolve("Ann's Player-Data"));

        init("--vm-port", 14_000, "--mpspdz", mpspdz, "--protocol", "mascot").succeeded();

        for (var member : List.of("P0", "P1")) {
            assertThat(Files.readString(folder.resolve(member).resolve("application.yml")))
                    .contains("\n    vm:\n      port: 14000\n")
                    .contains("\n      certificates: '" + mpspdz.toString().replace("'", "''") + "'\nserver:");
        }
        assertThat(Files.readString(folder.resolve("C0/application.yml"))).doesNotContain("vm:");
    }

    @Test
    void a_vm_port_needs_certificates_and_free_ports_for_every_party() throws Exception {
        init("--vm-port", 14_000).failedWith("--vm-port and --mpspdz belong together");
        init("--mpspdz", parent).failedWith("--vm-port and --mpspdz belong together");
        init("--vm-port", 65_535, "--mpspdz", parent).failedWith("leaves no room for 2 VMs");
        init("--vm-port", 14_000, "--mpspdz", parent.resolve("none")).failedWith("is not a folder");
    }

    @Test
    void ports_of_services_that_overlap_ports_of_vms_are_refused() throws Exception {
        var mpspdz = Files.createDirectory(parent.resolve("Player-Data"));

        init("--base-port", 13_994, "--vm-port", 14_000, "--mpspdz", mpspdz, "--protocol", "mascot")
                .failedWith("--base-port 13994 gives services the ports 13994 to 14001, but on 14000 a VM");
        assertThat(folder).doesNotExist();
        init("--base-port", 14_002, "--vm-port", 14_000, "--mpspdz", mpspdz, "--protocol", "mascot")
                .succeeded();
    }

    @Test
    void the_deployment_can_be_read_again() throws Exception {
        init().succeeded();

        var deployment = Deployment.read(folder);

        assertThat(deployment.services())
                .extracting(Deployment.Service::artifact)
                .containsExactly("party-service", "party-service", "relay-service", "client-service");
        var ports = deployment.services().stream()
                .flatMap(service -> java.util.stream.Stream.of(
                        service.address().getPort(), service.management().getPort()))
                .toList();
        assertThat(ports).hasSize(8).doesNotHaveDuplicates().allMatch(port -> port > 0);
        assertThat(deployment.of(MemberName.client(0)).address())
                .hasScheme("https")
                .hasHost("127.0.0.1");
    }

    @Test
    void a_folder_that_is_not_empty_is_not_changed() throws Exception {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("thesis.txt"), "years of work");

        init().failedWith("is not empty");

        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void a_damaged_deployment_is_named() throws Exception {
        init().succeeded();
        Files.writeString(folder.resolve("services.json"), "{\"services\":[{\"member\":\"X\"}]}");

        Run.of("status", "--dir", folder).failedWith("services.json is damaged");
    }
}
