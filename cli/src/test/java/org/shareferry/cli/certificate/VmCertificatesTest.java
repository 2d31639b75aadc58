// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.mpspdz.MpSpdzFolder;

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

    private Path exchanged() {
        make(first, 0).succeeded();
        make(second, 1).succeeded();
        make(first, 0, second.resolve("P1.pem")).succeeded();
        make(second, 1, "--renew").succeeded();
        return second.resolve("P1.pem");
    }

    /// As openssl prints it.
    private static String fingerprint(Path certificate) throws Exception {
        var openssl = new ProcessBuilder(
                "openssl", "x509", "-in", certificate.toString(), "-noout", "-sha256", "-fingerprint");
        var line = new String(openssl.start().getInputStream().readAllBytes(), US_ASCII);
        return line.substring(line.indexOf('=') + 1).strip();
    }

    @Test
    void the_first_certificate_of_a_party_is_installed_and_its_fingerprint_is_shown() throws Exception {
        make(first, 0).succeeded();
        make(second, 1).succeeded();
        var file = second.resolve("P1.pem");

        var run = make(first, 0, file).succeeded();
        var again = make(first, 0, file).succeeded();

        var target = first.resolve("P1.pem");
        assertThat(target).hasSameTextualContentAs(file);
        assertThat(run.out())
                .contains("Installed " + target + ". SHA-256, to compare with P1 by telephone: " + fingerprint(file));
        assertThat(again.out()).contains(target + " has this certificate already. SHA-256, to compare");
    }

    @Test
    void another_certificate_of_a_party_does_not_replace_the_installed_one() throws Exception {
        var other = exchanged();
        var installed = Files.readString(first.resolve("P1.pem"));
        var before = files(first);

        var run = make(Run.NOW.plus(Duration.ofDays(29)), first, 0, other);

        run.failedWith(first.resolve("P1.pem") + " would be replaced by another certificate, so nothing was changed.")
                .failedWith("SHA-256 of " + first.resolve("P1.pem") + ": " + fingerprint(first.resolve("P1.pem")))
                .failedWith("SHA-256 of " + other + ": " + fingerprint(other))
                .failedWith("with --fingerprint and the SHA-256 that P1 read to you, or with --replace");
        assertThat(run.out()).isEmpty();
        assertThat(first.resolve("P1.pem")).hasContent(installed);
        assertThat(files(first))
                .as("P0.pem expires soon and is not renewed either")
                .isEqualTo(before);
    }

    private static Map<String, String> files(Path folder) throws Exception {
        var contents = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void a_file_that_is_no_certificate_is_not_replaced_either() throws Exception {
        make(first, 0).succeeded();
        make(second, 1).succeeded();
        Files.writeString(first.resolve("P1.pem"), "nothing");

        make(first, 0, second.resolve("P1.pem")).failedWith("would be replaced by another certificate");

        assertThat(first.resolve("P1.pem")).hasContent("nothing");
    }

    @Test
    void a_certificate_with_the_given_fingerprint_replaces_the_installed_one() throws Exception {
        var other = exchanged();
        for (var form : List.of(
                fingerprint(other),
                fingerprint(other).toLowerCase(Locale.ROOT).replace(":", ""),
                fingerprint(other).replace(':', ' '))) {
            make(second, 1, "--renew").succeeded();
            make(first, 0, "--replace", other).succeeded();
            Files.copy(second.resolve("P1.pem.old"), other, StandardCopyOption.REPLACE_EXISTING);

            var run = make(first, 0, "--fingerprint", form, other).succeeded();

            assertThat(run.out()).contains("Replaced " + first.resolve("P1.pem") + ". Its SHA-256 is the given one.");
            assertThat(first.resolve("P1.pem")).hasSameTextualContentAs(other);
        }
    }

    @Test
    void a_certificate_with_another_fingerprint_is_never_installed() throws Exception {
        var other = exchanged();
        var installed = Files.readString(first.resolve("P1.pem"));
        var former = fingerprint(first.resolve("P1.pem"));

        make(first, 0, "--fingerprint", former, other).failedWith("--fingerprint is not the SHA-256 of " + other);
        make(first, 0, "--fingerprint", former, "--replace", other).failedWith("is not the SHA-256 of " + other);
        assertThat(first.resolve("P1.pem")).hasContent(installed);

        Files.delete(first.resolve("P1.pem"));
        make(first, 0, "--fingerprint", former, other).failedWith("is not the SHA-256 of " + other);
        assertThat(first.resolve("P1.pem")).doesNotExist();
    }

    @Test
    void a_fingerprint_without_its_file_is_refused() throws Exception {
        var other = exchanged();
        var own = fingerprint(first.resolve("P0.pem"));

        make(first, 0, "--fingerprint", fingerprint(other), "--fingerprint", own, other)
                .failedWith("--fingerprint " + own + " is the SHA-256 of no file");
        make(first, 0, "--fingerprint", own).failedWith("name a file such as P1.pem");
        make(first, 0, "--replace").failedWith("name a file such as P1.pem");
        make(first, 0, "--fingerprint", own.substring(2), other).failedWith("give 64 hex digits");
        make(first, 0, "--replace", other, Files.copy(other, folder.resolve("P1.pem")))
                .failedWith("Two files are named P1.pem");
    }

    @Test
    void the_option_replace_replaces_a_certificate_and_shows_its_fingerprint() throws Exception {
        var other = exchanged();

        var run = make(first, 0, "--replace", other).succeeded();

        assertThat(run.out())
                .contains("Replaced " + first.resolve("P1.pem") + ". SHA-256, to compare with P1 by telephone: "
                        + fingerprint(other));
        assertThat(first.resolve("P1.pem")).hasSameTextualContentAs(other);
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
    void openssl_finds_certificates_through_the_links() throws Exception {
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
            assertThat(run.err()).contains("must be for P1 alone");
            assertThat(first.resolve("P1.pem")).doesNotExist();
        }
    }

    private void selfSigned(Path at, int party, String... more) throws Exception {
        selfSigned(at, "P" + party, more);
    }

    private void selfSigned(Path at, String name, String... more) throws Exception {
        var command = new java.util.ArrayList<>(List.of("req", "-x509", "-newkey", "rsa:2048", "-nodes"));
        command.addAll(List.of("-subj", "/CN=" + name, "-keyout", name + ".key", "-out", name + ".pem"));
        command.addAll(List.of(more));
        assertThat(openssl(at, command.toArray(String[]::new))).isZero();
    }

    /// MP-SPDZ's VMs would accept every certificate that P1 signs, also one of P2.
    @Test
    void another_partys_certificate_that_may_sign_others_is_refused() throws Exception {
        make(Instant.now(), first, 0).succeeded();
        var kinds =
                List.of(new String[] {}, new String[] {"-addext", "basicConstraints=critical,CA:TRUE"}, new String[] {
                    "-addext", "basicConstraints=CA:FALSE", "-addext", "keyUsage=keyCertSign"
                });
        for (var kind : kinds) {
            selfSigned(second, 1, kind);

            make(Instant.now(), first, 0, second.resolve("P1.pem"))
                    .failedWith("P1.pem is refused. It may sign certificates of other parties")
                    .failedWith("`shareferry vm-certificates --renew` at P1 creates one");

            assertThat(first.resolve("P1.pem")).doesNotExist();
        }
    }

    /// Somebody may have copied it there without this command.
    @Test
    void an_unfit_certificate_that_is_in_the_folder_causes_a_warning() throws Exception {
        make(Instant.now(), second, 3).succeeded();
        for (var name : List.of("P1", "P2", "C0")) {
            selfSigned(second, name);
            Files.copy(second.resolve(name + ".pem"), first.resolve(name + ".pem"));
        }
        selfSigned(first, "C1");
        var fit = Files.readString(second.resolve("P3.pem"));
        Files.writeString(first.resolve("P3.pem"), fit);
        Files.writeString(first.resolve("P2.pem"), fit + Files.readString(second.resolve("P2.pem")));
        Files.writeString(first.resolve("P4.pem"), "nothing");

        var run = make(Instant.now(), first, 0);

        assertThat(run.code()).isZero();
        assertThat(run.err().lines())
                .allMatch(line -> line.startsWith("Warning: " + first + ": "))
                .satisfiesExactly(
                        line -> assertThat(line).contains("P2.pem name: P2.pem is the certificate of P3"),
                        line -> assertThat(line).contains("P4.pem: "),
                        line -> assertThat(line).contains("C0.pem basicConstraints: It may sign", "cp NEW/C0.pem "),
                        line -> assertThat(line)
                                .contains("P1.pem basicConstraints: It may sign certificates")
                                .contains(" --party 0 --fingerprint SHA256-OF-P1 NEW/P1.pem"),
                        line -> assertThat(line).contains("P2.pem certificate 2 basicConstraints: "));
    }

    @Test
    void an_own_certificate_that_may_sign_others_is_kept_until_it_is_renewed_on_request() throws Exception {
        selfSigned(second, 1);

        assertThat(make(Instant.now(), second, 1).succeeded().out())
                .contains("Left ", "It may sign certificates of other parties", "--renew");
        assertThat(make(Instant.now(), second, 1, "--renew").succeeded().out()).doesNotContain("It may sign");

        make(Instant.now(), first, 0, second.resolve("P1.pem")).succeeded();
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

    private Path linked(String target) throws Exception {
        assertThat(openssl(first, "rehash", ".")).isZero();
        try (var files = Files.list(first)) {
            for (var file : files.filter(Files::isSymbolicLink).toList()) {
                if (Files.readSymbolicLink(file).equals(Path.of(target))) {
                    return file;
                }
            }
        }
        throw new AssertionError("no link to " + target);
    }

    /// `c_rehash` links it, and VMs then accept all that it signs.
    @Test
    void the_link_of_a_certificate_that_is_no_party_s_or_client_s_is_deleted_with_a_warning() throws Exception {
        selfSigned(first, "ca");
        selfSigned(first, "C0");
        var link = linked("ca.pem");

        var run = make(Instant.now(), first, 0);

        assertThat(link).doesNotExist();
        assertThat(first.resolve("ca.pem")).exists();
        assertThat(run.err()).contains("Warning: " + link + " was deleted. It led to ca.pem");
        assertThat(run.out()).contains("2 links lead OpenSSL");
        make(Instant.now(), first, 0).succeeded();
    }

    @Test
    void a_regular_file_with_the_name_of_a_link_is_kept_with_a_warning() throws Exception {
        selfSigned(second, "ca");
        var file = Files.copy(second.resolve("ca.pem"), first.resolve("0123abcd.0"));

        var run = make(Instant.now(), first, 0);

        assertThat(file).hasSameTextualContentAs(second.resolve("ca.pem"));
        assertThat(run.err())
                .contains(
                        "Warning: " + first + ": 0123abcd.0 basicConstraints: It may sign certificates of all parties")
                .contains("rm " + file);
    }

    @Test
    void a_regular_file_in_the_place_of_a_link_is_moved_aside() throws Exception {
        make(Instant.now(), first, 0).succeeded();
        var link = linked("P0.pem");
        Files.delete(link);
        Files.writeString(link, "former");

        var run = make(Instant.now(), first, 0);

        assertThat(link).isSymbolicLink().hasSameTextualContentAs(first.resolve("P0.pem"));
        assertThat(first.resolve(link.getFileName() + ".old")).hasContent("former");
        assertThat(run.err()).contains("Warning: " + link + " was a file instead of a link.");
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

        make(first, 0, asOther).failedWith("must be for P2 alone");
        make(first, 0, asOwn).failedWith("is not named like the certificate of another party");
        make(first, 0, odd).failedWith("is not named like the certificate of another party");
        make(Run.NOW.plus(Duration.ofDays(31)), first, 0, second.resolve("P1.pem"))
                .failedWith("expired at");
        make(first, 0, folder.resolve("P3.pem")).failedWith("does not exist");
        make(folder.resolve("none"), 0).failedWith("is not a folder");
        make(first, 256).failedWith("--party is 0 to 255");

        assertThat(Files.readString(first.resolve("P0.pem"))).isEqualTo(own);
        assertThat(first.resolve("P2.pem")).doesNotExist();
    }
}
