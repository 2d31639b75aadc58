// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.doctor.MpSpdzFolder;
import org.shareferry.doctor.Severity;

class VmCertificatesTest {
    @TempDir
    Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void twoSites() throws Exception {
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
    }

    private static Run make(Instant now, Path at, int party, Object... more) {
        var all = new java.util.ArrayList<Object>(List.of("vm-certificates", "--mpspdz", at, "--party", party));
        all.addAll(List.of(more));
        return Run.at(now, all.toArray());
    }

    private static Run make(Path at, int party, Object... more) {
        return make(Run.NOW, at, party, more);
    }

    @Test
    void two_parties_make_and_exchange_certificates_and_the_doctor_finds_nothing() throws Exception {
        make(first, 0).succeeded();
        make(second, 1).succeeded();

        var run = make(first, 0, second.resolve("P1.pem")).succeeded();
        make(second, 1, first.resolve("P0.pem")).succeeded();

        assertThat(run.out()).contains("Left ", "2 links lead OpenSSL");
        var clock = Clock.fixed(Run.NOW, ZoneOffset.UTC);
        for (var site : List.of(first, second)) {
            assertThat(MpSpdzFolder.examine(site, clock)).allMatch(finding -> finding.severity() == Severity.OK);
        }
        assertThat(first.resolve("P1.key")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.resolve("P0.key"))))
                .isEqualTo("rw-------");
    }

    private static int openssl(Path in, String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        var openssl = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        openssl.getInputStream().readAllBytes();
        return openssl.waitFor();
    }

    @Test
    void openssl_itself_verifies_by_the_links() throws Exception {
        make(Instant.now(), first, 0).succeeded();

        for (var purpose : List.of("sslserver", "sslclient")) {
            assertThat(openssl(first, "verify", "-CApath", ".", "-purpose", purpose, "P0.pem"))
                    .as(purpose)
                    .isZero();
        }
    }

    /// The key of a party is no authority's: who has its file believes nothing that it signed.
    @Test
    void a_party_cannot_sign_a_certificate_of_another_name() throws Exception {
        make(Instant.now(), first, 1).succeeded();
        var request = "req -new -newkey rsa:2048 -nodes -subj /CN=P0 -keyout leaf.key -out leaf.csr";
        var sign = "x509 -req -in leaf.csr -CA P1.pem -CAkey P1.key -CAcreateserial -out leaf.pem";
        assertThat(openssl(first, request.split(" "))).isZero();
        assertThat(openssl(first, sign.split(" "))).isZero();

        assertThat(openssl(first, "verify", "-CApath", ".", "leaf.pem")).isNotZero();
    }

    /// MP-SPDZ's VMs would take its owner for P0.
    @Test
    void a_certificate_that_has_another_partys_name_as_well_is_refused() throws Exception {
        make(Instant.now(), first, 0).succeeded();
        for (var names : List.of(
                "-subj /CN=P1 -addext subjectAltName=DNS:P1,DNS:P0", "-subj /CN=P0/CN=P1", "-subj /CN=P0+CN=P1")) {
            var request = "req -x509 -newkey rsa:2048 -nodes " + names + " -keyout P1.key -out P1.pem";
            assertThat(openssl(second, request.split(" "))).isZero();

            var run = make(Instant.now(), first, 0, second.resolve("P1.pem"));

            assertThat(run.code()).as(names).isEqualTo(1);
            assertThat(run.err()).contains("not for P1 alone");
            assertThat(first.resolve("P1.pem")).doesNotExist();
        }
    }

    @Test
    void a_certificate_that_expires_soon_is_renewed_and_the_old_one_is_kept() throws Exception {
        make(first, 0).succeeded();
        var before = Files.readString(first.resolve("P0.pem"));

        make(Run.NOW.plus(Duration.ofDays(20)), first, 0).succeeded();
        assertThat(Files.readString(first.resolve("P0.pem"))).isEqualTo(before);
        var run = make(Run.NOW.plus(Duration.ofDays(24)), first, 0).succeeded();

        assertThat(run.out()).contains("Made ", "Send P0.pem, and never P0.key");
        assertThat(Files.readString(first.resolve("P0.pem"))).isNotEqualTo(before);
        assertThat(Files.readString(first.resolve("P0.pem.old"))).isEqualTo(before);
        assertThat(first.resolve("P0.key.old")).exists();
        var clock = Clock.fixed(Run.NOW.plus(Duration.ofDays(24)), ZoneOffset.UTC);
        assertThat(MpSpdzFolder.examine(first, clock)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    @Test
    void dangling_links_are_deleted_and_other_files_are_kept() throws Exception {
        Files.createSymbolicLink(first.resolve("0123abcd.0"), Path.of("gone.pem"));
        Files.writeString(first.resolve("Input-P0-0"), "7");
        Files.writeString(first.resolve("20261130.1"), "8");

        make(first, 0).succeeded();

        assertThat(Files.isSymbolicLink(first.resolve("0123abcd.0"))).isFalse();
        assertThat(first.resolve("Input-P0-0")).hasContent("7");
        assertThat(first.resolve("20261130.1")).hasContent("8");
    }

    @Test
    void a_key_behind_a_symbolic_link_is_not_replaced() throws Exception {
        make(second, 0).succeeded();
        var key = Files.readString(second.resolve("P0.key"));
        Files.createSymbolicLink(first.resolve("P0.key"), second.resolve("P0.key"));

        make(first, 0).failedWith("P0.key is a symbolic link, which is not replaced");

        assertThat(Files.isSymbolicLink(first.resolve("P0.key"))).isTrue();
        assertThat(second.resolve("P0.key")).hasContent(key);
        assertThat(first.resolve("P0.key.old")).doesNotExist();
    }

    @Test
    void only_another_partys_own_certificate_is_accepted() throws Exception {
        make(first, 0).succeeded();
        make(second, 1).succeeded();
        var own = Files.readString(first.resolve("P0.pem"));
        var asOther = Files.copy(second.resolve("P1.pem"), folder.resolve("P2.pem"));
        var asOwn = Files.copy(second.resolve("P1.pem"), folder.resolve("P0.pem"));
        var odd = Files.copy(second.resolve("P1.pem"), folder.resolve("P01.pem"));

        make(first, 0, asOther).failedWith("is not for P2 alone");
        make(first, 0, asOwn).failedWith("is not called like the certificate of another party");
        make(first, 0, odd).failedWith("is not called like the certificate of another party");
        make(Run.NOW.plus(Duration.ofDays(31)), first, 0, second.resolve("P1.pem"))
                .failedWith("expired at");
        make(first, 0, folder.resolve("P3.pem")).failedWith("does not exist");
        make(folder.resolve("none"), 0).failedWith("is not a folder");
        make(first, 256).failedWith("--party is 0 to 255");

        assertThat(Files.readString(first.resolve("P0.pem"))).isEqualTo(own);
        assertThat(first.resolve("P2.pem")).doesNotExist();
    }
}
