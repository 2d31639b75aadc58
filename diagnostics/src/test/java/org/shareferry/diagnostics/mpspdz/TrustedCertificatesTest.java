// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;

/// Certificates and links are made by openssl. P0's VM uses the folder.
class TrustedCertificatesTest {
    private static final String NO_AUTHORITY = "basicConstraints=critical,CA:FALSE";

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    @BeforeEach
    void aFolderOfP0WithItsNeighbours() throws Exception {
        make(folder, "P0", "-addext", "basicConstraints=critical,CA:TRUE");
        for (var name : List.of("P1", "C0")) {
            make(elsewhere, name, "-addext", NO_AUTHORITY);
            Files.copy(elsewhere.resolve(name + ".pem"), folder.resolve(name + ".pem"));
        }
        rehash();
    }

    private static void openssl(Path at, List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        var openssl = new ProcessBuilder(command)
                .directory(at.toFile())
                .redirectErrorStream(true)
                .start();
        var out = new String(openssl.getInputStream().readAllBytes());
        assertThat(openssl.waitFor()).as(out).isZero();
    }

    private static void make(Path at, String name, String... more) throws Exception {
        makeFor(at, name, "/CN=" + name, more);
    }

    private static void makeFor(Path at, String file, String subject, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", subject));
        arguments.addAll(List.of("-keyout", file + ".key", "-out", file + ".pem"));
        arguments.addAll(List.of(more));
        openssl(at, arguments);
    }

    private void rehash() throws Exception {
        openssl(folder, List.of("rehash", "."));
    }

    private Path copy(String name, String target) throws Exception {
        return Files.copy(elsewhere.resolve(name + ".pem"), folder.resolve(target));
    }

    private List<Finding> faults() {
        return faults(Clock.systemUTC());
    }

    private List<Finding> faults(Clock clock) {
        return MpSpdzFolder.examine(folder, clock).stream()
                .filter(finding -> finding.fault().isPresent())
                .toList();
    }

    /// Requires this fault and no other, of the whole folder and of what a service checks.
    private Finding only(Fault fault) {
        assertThat(faults())
                .extracting(finding -> finding.fault().orElseThrow())
                .containsExactly(fault);
        assertThat(MpSpdzFolder.examine(folder, Optional.empty(), 0, Clock.systemUTC()))
                .containsAll(faults());
        return faults().getFirst();
    }

    @Test
    void certificates_for_one_name_that_sign_no_others_are_fine() {
        assertThat(faults()).isEmpty();
    }

    @Test
    void a_party_s_certificate_that_may_sign_others_is_reported_once() throws Exception {
        make(elsewhere, "P2");
        copy("P2", "P2.pem");
        rehash();

        var finding = only(Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS);

        assertThat(finding.checked()).isEqualTo("P2.pem basicConstraints");
        assertThat(finding.fix().orElseThrow())
                .startsWith("shareferry vm-certificates --mpspdz " + folder
                        + " --party OWN-NUMBER --fingerprint SHA256-OF-P2 NEW/P2.pem");
    }

    @Test
    void a_client_s_certificate_that_may_sign_others_is_reported() throws Exception {
        make(elsewhere, "C1");
        copy("C1", "C1.pem");
        rehash();

        var finding = only(Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS);

        assertThat(finding.checked()).isEqualTo("C1.pem basicConstraints");
        assertThat(finding.cause()).contains("setup-clients.sh");
        assertThat(finding.fix().orElseThrow())
                .startsWith("cp NEW/C1.pem " + folder.resolve("C1.pem") + " && openssl rehash " + folder);
    }

    @Test
    void a_certificate_beside_its_key_may_sign_others() throws Exception {
        make(folder, "P2");
        make(folder, "C1");
        rehash();

        assertThat(faults()).isEmpty();
    }

    /// `c_rehash` links every .pem file.
    @Test
    void an_authority_under_another_name_is_reported_with_its_link() throws Exception {
        makeFor(elsewhere, "authority", "/CN=nobody");
        copy("authority", "authority.pem");
        rehash();
        var link = link("authority.pem");

        var finding = only(Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS);

        assertThat(finding.checked()).isEqualTo(link.getFileName() + " basicConstraints");
        assertThat(finding.fix())
                .contains("rm " + link + " " + folder.resolve("authority.pem") + " && openssl rehash " + folder);
    }

    private Path link(String target) throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isSymbolicLink)
                    .filter(file -> target(file).equals(Path.of(target)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_authority_in_a_regular_file_with_a_hash_name_is_reported() throws Exception {
        makeFor(elsewhere, "authority", "/CN=nobody");
        var file = copy("authority", "0123abcd.0");

        var finding = only(Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS);

        assertThat(finding.checked()).isEqualTo("0123abcd.0 basicConstraints");
        assertThat(finding.fix()).contains("rm " + file + " && openssl rehash " + folder);
    }

    @Test
    void a_second_certificate_in_a_file_is_reported() throws Exception {
        make(elsewhere, "P2", "-addext", NO_AUTHORITY);
        var file = folder.resolve("P1.pem");
        Files.writeString(file, Files.readString(file) + Files.readString(elsewhere.resolve("P2.pem")));

        var finding = only(Fault.UNEXPECTED_VM_CERTIFICATE);

        assertThat(finding.checked()).isEqualTo("P1.pem certificate 2");
        assertThat(finding.cause()).startsWith("VMs trust this certificate of P2, which is not the first one");
    }

    @Test
    void an_authority_behind_the_own_certificate_is_reported() throws Exception {
        makeFor(elsewhere, "authority", "/CN=nobody");
        var file = folder.resolve("P0.pem");
        Files.writeString(file, Files.readString(file) + Files.readString(elsewhere.resolve("authority.pem")));

        assertThat(only(Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS).checked())
                .isEqualTo("P0.pem certificate 2 basicConstraints");
    }

    @Test
    void a_certificate_that_only_a_hash_name_contains_is_reported() throws Exception {
        make(elsewhere, "P2", "-addext", NO_AUTHORITY);
        copy("P2", "0123abcd.0");

        assertThat(only(Fault.UNEXPECTED_VM_CERTIFICATE).checked()).isEqualTo("0123abcd.0");
    }

    /// P2's owner could pose as P1.
    @Test
    void a_certificate_with_a_second_name_is_reported() throws Exception {
        makeFor(elsewhere, "P2", "/CN=P2", "-addext", NO_AUTHORITY, "-addext", "subjectAltName=DNS:P2,DNS:P1");
        copy("P2", "P2.pem");
        rehash();

        assertThat(only(Fault.UNEXPECTED_VM_CERTIFICATE).cause()).contains("must be for P2 alone");
    }

    @Test
    void an_unreadable_certificate_in_a_file_with_a_hash_name_is_reported() throws Exception {
        Files.writeString(
                folder.resolve("0123abcd.0"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThat(only(Fault.UNEXPECTED_VM_CERTIFICATE).cause())
                .isEqualTo("It contains a certificate that cannot be read. OpenSSL may trust certificates in it.");
    }

    @Test
    void other_files_with_such_a_name_and_expired_certificates_are_ignored() throws Exception {
        Files.writeString(folder.resolve("20261130.0"), "7");
        makeFor(elsewhere, "authority", "/CN=nobody", "-days", "1");
        copy("authority", "0123abcd.0");
        copy("authority", "0123abcd.old");

        assertThat(faults(Clock.offset(Clock.systemUTC(), Duration.ofDays(2)))).isEmpty();
    }
}
