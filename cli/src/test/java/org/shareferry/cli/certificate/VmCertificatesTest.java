// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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

    @Test
    void openssl_itself_verifies_by_the_links() throws Exception {
        make(Instant.now(), first, 0).succeeded();

        var openssl = new ProcessBuilder(
                        "openssl",
                        "verify",
                        "-CApath",
                        first.toString(),
                        first.resolve("P0.pem").toString())
                .redirectErrorStream(true)
                .start();

        var said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
    }

    @Test
    void one_that_ends_soon_is_renewed_and_the_old_one_stays_beside_it() throws Exception {
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
    void links_that_lead_nowhere_are_deleted_and_other_files_are_left_alone() throws Exception {
        Files.createSymbolicLink(first.resolve("0123abcd.0"), Path.of("gone.pem"));
        Files.writeString(first.resolve("Input-P0-0"), "7");

        make(first, 0).succeeded();

        assertThat(Files.isSymbolicLink(first.resolve("0123abcd.0"))).isFalse();
        assertThat(first.resolve("Input-P0-0")).hasContent("7");
    }

    @Test
    void only_another_partys_own_certificate_is_taken() throws Exception {
        make(first, 0).succeeded();
        make(second, 1).succeeded();
        var own = Files.readString(first.resolve("P0.pem"));
        var asOther = Files.copy(second.resolve("P1.pem"), folder.resolve("P2.pem"));
        var asOwn = Files.copy(second.resolve("P1.pem"), folder.resolve("P0.pem"));
        var odd = Files.copy(second.resolve("P1.pem"), folder.resolve("P01.pem"));

        make(first, 0, asOther).failedWith("holds a certificate of another name than P2");
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
