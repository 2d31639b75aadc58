// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

class InitForContainersTest {
    private static final List<String> MEMBERS = List.of("P0", "P1", "R0", "C0");

    @TempDir
    Path folder;

    private Run init() {
        return Run.of("init", "--dir", folder, "--containers");
    }

    private List<String> names(String name) throws Exception {
        try (var files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_service_gets_its_own_keys_and_no_other_private_key() throws Exception {
        init().succeeded();

        for (var member : MEMBERS) {
            assertThat(names(member)).containsExactly("identity.pem", "roster.json", "tls.crt", "tls.key", "trust.pem");
        }
    }

    @Test
    void users_and_monitors_get_their_own_certificates() throws Exception {
        init().succeeded();

        for (var member : MEMBERS) {
            assertThat(names("users/" + member)).containsExactly("tls.crt", "user.crt", "user.key", "user.p12");
            assertThat(names("monitors/" + member)).containsExactly("monitor.crt", "monitor.key", "tls.crt");
        }
    }

    @Test
    void no_private_key_is_written_twice() throws Exception {
        init().succeeded();

        try (var files = Files.walk(folder)) {
            var keys = files.filter(file -> file.toString().matches(".*\\.(key|pem)"))
                    .filter(file -> !file.endsWith("trust.pem"))
                    .toList();
            var contents = new TreeSet<String>();
            for (var key : keys) {
                contents.add(Files.readString(key));
            }
            // identity.pem and tls.key of a service, user.key, monitor.key
            assertThat(contents).hasSameSizeAs(keys).hasSize(4 * MEMBERS.size());
        }
    }

    @Test
    void services_are_called_by_the_names_of_their_containers() throws Exception {
        init().succeeded();

        var deployment = Deployment.read(folder.resolve("users"));
        assertThat(deployment.services())
                .extracting(service -> service.member() + " " + service.address())
                .containsExactly(
                        "P0 https://party-service-p0:8443",
                        "P1 https://party-service-p1:8443",
                        "R0 https://relay-service:8443",
                        "C0 https://client-service:8443");
        var roster = Roster.parse(Files.readString(folder.resolve("P1/roster.json")));
        assertThat(roster.find(MemberName.client(0)).orElseThrow().address())
                .hasValueSatisfying(address -> assertThat(address).hasHost("client-service"));
        assertThat(CertificateFiles.read(folder.resolve("R0/tls.crt"))
                        .getFirst()
                        .getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .contains("relay-service", "localhost", "127.0.0.1");
    }

    @Test
    void parties_and_the_client_trust_the_relay_and_their_own_and_not_each_other() throws Exception {
        init().succeeded();

        var trusted = Map.of(
                "P1", List.of("P1", "P1-user", "P1-monitor", "R0"),
                "C0", List.of("C0", "C0-user", "C0-monitor", "R0"),
                "R0", List.of("R0", "R0-user", "R0-monitor", "P0", "P1", "C0"));
        for (var entry : trusted.entrySet()) {
            assertThat(CertificateFiles.read(folder.resolve(entry.getKey()).resolve("trust.pem")))
                    .extracting(certificate ->
                            certificate.getSubjectX500Principal().getName().substring("CN=".length()))
                    .containsExactlyInAnyOrderElementsOf(entry.getValue());
        }
    }

    @Test
    void existing_files_are_not_changed() throws Exception {
        init().succeeded();
        var before = contents();

        var second = init().succeeded();

        assertThat(second.out()).contains("already");
        assertThat(contents()).isEqualTo(before);
    }

    private List<String> contents() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(InitForContainersTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return file + " " + java.util.HexFormat.of().formatHex(Files.readAllBytes(file));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void empty_mounted_folders_are_accepted() throws Exception {
        for (var name : List.of("P0", "P1", "R0", "C0", "users", "monitors")) {
            Files.createDirectory(folder.resolve(name));
        }

        init().succeeded();

        assertThat(names("P0")).contains("tls.key");
    }

    @Test
    void a_folder_with_other_files_is_not_changed() throws Exception {
        Files.createDirectory(folder.resolve("R0"));
        Files.writeString(folder.resolve("R0/thesis.txt"), "years of work");

        init().failedWith("is not empty");

        assertThat(names("R0")).containsExactly("thesis.txt");
    }

    @Test
    void a_base_port_is_refused_for_containers() {
        Run.of("init", "--dir", folder, "--containers", "--base-port", 20_000).failedWith("--base-port exclude");
    }
}
