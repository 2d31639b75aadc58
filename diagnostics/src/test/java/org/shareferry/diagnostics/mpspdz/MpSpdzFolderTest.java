// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.diagnostics.fixture.TestCertificate.NOW;
import static org.shareferry.diagnostics.fixture.TestCertificate.rsa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.fixture.TestCertificate;
import org.shareferry.site.Shell;
import org.shareferry.x509.SubjectHash;

/// One folder for each fault, named after it.
class MpSpdzFolderTest {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path parent;

    /// @return a folder as MP-SPDZ's scripts make it for C0 and P0, without fault
    private Path sound(String name) throws IOException {
        var folder = Files.createDirectory(parent.resolve(name));
        put(folder, "C0", rsa("C0").make());
        put(folder, "P0", rsa("P0").make());
        return folder;
    }

    private static void put(Path folder, String name, TestCertificate made) throws IOException {
        made.write(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        link(folder, made.certificate().getSubjectX500Principal(), name + ".pem");
    }

    private static void link(Path folder, X500Principal subject, String target) throws IOException {
        var link = folder.resolve(SubjectHash.of(subject) + ".0");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    private static List<Finding> examine(Path folder) {
        var findings = MpSpdzFolder.examine(folder, Optional.of(0), 0, CLOCK);
        assertThat(MpSpdzFolder.examine(folder, CLOCK))
                .as("the whole folder has the same faults")
                .containsAll(findings.stream()
                        .filter(finding -> finding.fault().isPresent())
                        .filter(finding -> !(finding.fault().equals(Optional.of(Fault.MISSING_FILE))))
                        .toList());
        return findings;
    }

    /// Requires this fault and no other.
    private static Finding only(List<Finding> findings, Fault fault) {
        var faults =
                findings.stream().filter(finding -> finding.fault().isPresent()).toList();
        assertThat(faults).extracting(finding -> finding.fault().orElseThrow()).containsExactly(fault);
        return faults.getFirst();
    }

    @Test
    void a_sound_folder_has_no_fault_and_shows_the_signatures() throws Exception {
        var folder = sound("sound");

        var findings = examine(folder);

        assertThat(findings).isNotEmpty().allMatch(finding -> finding.severity() == Severity.OK);
        assertThat(findings)
                .anyMatch(finding -> finding.cause()
                        .matches("Signature \\(should match the other side\\): [0-9a-f]{32}/[0-9a-f]{32}"));
    }

    /// MP-SPDZ asks clients for no certificate; the key is the VM's own, which another user may own.
    @Test
    void a_client_without_a_certificate_needs_only_that_of_the_party() throws Exception {
        var folder = sound("no-client-certificate");
        Files.delete(folder.resolve("C0.pem"));
        Files.delete(folder.resolve("C0.key"));
        Files.delete(folder.resolve("P0.key"));
        Files.createSymbolicLink(folder.resolve("P0.key"), folder.resolve("nobody-may-read-this"));

        var findings = MpSpdzFolder.examine(folder, Optional.empty(), 0, CLOCK);

        assertThat(findings)
                .noneMatch(Finding::isFault)
                .anyMatch(finding -> finding.checked().startsWith("P0.pem"));
        assertThat(findings).noneMatch(finding -> finding.checked().startsWith("C0"));
        only(MpSpdzFolder.examine(folder, CLOCK), Fault.MISSING_FILE);
    }

    @Test
    void signatures_are_blake2b_of_the_files_as_they_are() throws Exception {
        var folder = Files.createDirectory(parent.resolve("signatures"));
        // b2sum -l 128
        Files.writeString(folder.resolve("C0.pem"), "abc");

        assertThat(MpSpdzFolder.signature(folder, 0, 1))
                .isEqualTo("cf4ab791c62b8d2b2109c90275287816/<'" + folder.resolve("P1.pem") + "' not found>");
    }

    @Test
    void expired_certificate() throws Exception {
        var folder = sound("expired-certificate");
        put(folder, "C0", rsa("C0").endingIn(Duration.ofDays(-3)).make());

        var found = only(examine(folder), Fault.EXPIRED_CERTIFICATE);

        assertThat(found.checked()).isEqualTo("C0.pem dates");
        assertThat(found.cause()).isEqualTo("C0.pem expired at 2026-05-29T12:00:00Z, 3 days ago.");
        assertThat(found.fix().orElseThrow())
                .contains("openssl req", "/CN=C0", "openssl rehash " + folder, folder + "/C0.key");
    }

    @Test
    void an_expired_certificate_of_the_party_is_found() throws Exception {
        var folder = sound("expired-certificate-of-the-party");
        put(folder, "P0", rsa("P0").endingIn(Duration.ofSeconds(-1)).make());

        var found = only(examine(folder), Fault.EXPIRED_CERTIFICATE);

        assertThat(found.cause()).contains("P0.pem expired at");
        assertThat(found.fix().orElseThrow())
                .as("P0.key is here, so this is where P0 runs")
                .startsWith("shareferry vm-certificates --renew");
    }

    @Test
    void a_copy_is_repaired_by_copying_and_never_by_a_second_pair() throws Exception {
        var folder = Files.createDirectory(parent.resolve("expired-copy"));
        rsa("C0").make().write(folder.resolve("C0.pem"), folder.resolve("C0.key"));
        Files.writeString(
                folder.resolve("P0.pem"),
                rsa("P0").endingIn(Duration.ofDays(-1)).make().pem());

        assertThat(fix(folder, Fault.EXPIRED_CERTIFICATE))
                .startsWith("cp FOLDER-OF-P0/P0.pem " + folder.resolve("P0.pem") + " # from where P0.key is")
                .doesNotContain("openssl");

        Files.delete(folder.resolve("P0.pem"));
        assertThat(fix(folder, Fault.MISSING_FILE)).startsWith("cp FOLDER-OF-P0/P0.pem ");
    }

    @Test
    void the_remedy_for_a_client_s_copy_copies_it_again_and_rehashes() throws Exception {
        var folder = sound("expired-copy-at-the-vm");
        put(folder, "C0", rsa("C0").endingIn(Duration.ofDays(-1)).make());
        Files.delete(folder.resolve("C0.key"));

        assertThat(only(MpSpdzFolder.examine(folder, CLOCK), Fault.EXPIRED_CERTIFICATE)
                        .fix()
                        .orElseThrow())
                .startsWith(
                        "cp FOLDER-OF-C0/C0.pem " + folder.resolve("C0.pem") + " && openssl rehash " + folder + " #");
    }

    private static String fix(Path folder, Fault fault) {
        return MpSpdzFolder.examine(folder, Optional.of(0), 0, CLOCK).stream()
                .filter(finding -> finding.fault().equals(Optional.of(fault)))
                .findFirst()
                .orElseThrow()
                .fix()
                .orElseThrow();
    }

    @Test
    void not_yet_valid_certificate() throws Exception {
        var folder = sound("not-yet-valid-certificate");
        put(
                folder,
                "C0",
                rsa("C0")
                        .between(NOW.plusSeconds(7200), NOW.plus(Duration.ofDays(30)))
                        .make());

        var found = only(examine(folder), Fault.NOT_YET_VALID_CERTIFICATE);

        assertThat(found.cause()).contains("C0.pem is not valid before 2026-06-01T14:00:00Z, in 2 hours");
        assertThat(found.fix().orElseThrow()).startsWith("timedatectl status");
    }

    @Test
    void certificate_ends_soon() throws Exception {
        var folder = sound("certificate-ends-soon");
        put(folder, "P0", rsa("P0").endingIn(Duration.ofDays(7).minusSeconds(1)).make());

        var found = only(examine(folder), Fault.CERTIFICATE_ENDS_SOON);

        assertThat(found.severity()).isEqualTo(Severity.WARNING);
        assertThat(found.cause()).contains("P0.pem expires at 2026-06-08T11:59:59Z, in 6 days");
    }

    @Test
    void a_certificate_that_expires_in_seven_days_is_no_warning() throws Exception {
        var folder = sound("seven-days");
        put(folder, "P0", rsa("P0").endingIn(Duration.ofDays(7)).make());

        assertThat(examine(folder)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    @Test
    void wrong_common_name() throws Exception {
        var folder = sound("wrong-common-name");
        put(folder, "C0", rsa("C1").make());

        assertThat(only(examine(folder), Fault.WRONG_COMMON_NAME).cause())
                .isEqualTo("C0.pem is the certificate of C1, not of C0.");
    }

    @Test
    void wrong_common_name_of_the_party() throws Exception {
        var folder = sound("wrong-common-name-of-the-party");
        put(folder, "P0", rsa("P1").make());

        assertThat(only(examine(folder), Fault.WRONG_COMMON_NAME).cause())
                .isEqualTo("P0.pem is the certificate of P1, not of P0.");
    }

    @Test
    void wrong_alternative_name() throws Exception {
        var folder = sound("wrong-alternative-name");
        put(
                folder,
                "C0",
                rsa("C0").withDns("client.example.org", "c.example.org").make());

        assertThat(only(examine(folder), Fault.WRONG_ALTERNATIVE_NAME).cause())
                .isEqualTo("C0.pem has DNS names (client.example.org, c.example.org), which override its common name C0"
                        + " and lack C0.");
    }

    /// As X509_check_host has it, by which MP-SPDZ and our connector go.
    @Test
    void a_dns_name_that_is_right_overrides_a_common_name_that_is_not() throws Exception {
        var folder = sound("common-name-of-no-account");
        put(folder, "C0", rsa("somebody").withDns("client.example.org", "C0").make());
        put(folder, "P0", rsa("P1").withDns("P0").make());

        assertThat(examine(folder)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    @Test
    void names_are_compared_without_regard_to_case() throws Exception {
        var folder = sound("lower-case");
        put(folder, "C0", rsa("c0").make());
        put(folder, "P0", rsa("somebody").withDns("p0").make());

        assertThat(examine(folder)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    @Test
    void alternative_names_with_the_right_name_or_without_dns_names_are_accepted() throws Exception {
        var folder = sound("harmless-alternative-names");
        put(folder, "C0", rsa("C0").withDns("client.example.org", "C0").make());
        put(folder, "P0", rsa("P0").withIp("127.0.0.1").make());

        assertThat(examine(folder)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    @Test
    void key_of_another_certificate() throws Exception {
        var folder = sound("key-of-another-certificate");
        TestCertificate.writeKey(
                folder.resolve("C0.key"),
                TestCertificate.pem(TestCertificate.otherRsa().getPrivate()));

        var found = only(examine(folder), Fault.KEY_OF_ANOTHER_CERTIFICATE);

        assertThat(found.checked()).isEqualTo("C0.key");
        assertThat(found.cause()).contains("not the key of the certificate in C0.pem", "key values mismatch");
    }

    @Test
    void a_key_of_another_kind_is_the_key_of_another_certificate() throws Exception {
        var folder = sound("key-of-another-kind");
        TestCertificate.writeKey(
                folder.resolve("P0.key"),
                TestCertificate.pem(TestCertificate.ecKeys().getPrivate()));

        assertThat(only(examine(folder), Fault.KEY_OF_ANOTHER_CERTIFICATE).checked())
                .isEqualTo("P0.key");
    }

    @Test
    void a_different_c0_pem_is_found_by_the_signature_line_of_the_other_side() throws Exception {
        var here = sound("other-certificate");
        var there = sound("there");
        put(there, "C0", rsa("C0").withKeys(TestCertificate.otherRsa()).make());
        Files.copy(here.resolve("P0.pem"), there.resolve("P0.pem"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        var line = "Signature (should match the other side): " + MpSpdzFolder.signature(there, 0, 0);

        var found = only(MpSpdzFolder.compare(here, 0, 0, line), Fault.OTHER_CERTIFICATE);

        assertThat(found.cause())
                .startsWith("C0.pem here (" + Signatures.of(here, "C0") + ") differs from that at the other site");
        assertThat(MpSpdzFolder.compare(here, 0, 0, MpSpdzFolder.signature(here, 0, 0)))
                .hasSize(2)
                .allMatch(finding -> finding.severity() == Severity.OK);
        assertThat(only(MpSpdzFolder.compare(here, 0, 0, "no line"), Fault.SETTINGS_UNUSABLE)
                        .cause())
                .contains("must have two signatures");
    }

    @Test
    void a_different_p0_pem_is_found_by_comparing_two_folders() throws Exception {
        var first = sound("other-certificate-of-the-vm");
        var second = sound("other-certificate-of-the-service");
        Files.copy(
                first.resolve("C0.pem"), second.resolve("C0.pem"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        var findings = MpSpdzFolder.compare(List.of(first, second));

        var found = only(findings, Fault.OTHER_CERTIFICATE);
        assertThat(found.checked()).isEqualTo("P0.pem in 2 folders");
        assertThat(found.cause()).contains(first.toString(), second.toString(), Signatures.of(second, "P0"));
        assertThat(findings).anyMatch(finding -> finding.checked().startsWith("C0.pem") && !finding.isFault());
    }

    @Test
    void missing_hash_link() throws Exception {
        var folder = sound("missing-hash-link");
        Files.delete(folder.resolve("176c8f38.0"));

        var found = only(examine(folder), Fault.MISSING_HASH_LINK);

        assertThat(found.cause()).contains("OpenSSL looks for C0.pem at 176c8f38.0, which does not exist");
        assertThat(found.fix()).contains("openssl rehash " + folder);
    }

    @Test
    void a_link_behind_a_gap_is_missing() throws Exception {
        var folder = sound("link-behind-a-gap");
        Files.move(folder.resolve("176c8f38.0"), folder.resolve("176c8f38.1"));

        assertThat(only(examine(folder), Fault.MISSING_HASH_LINK).cause())
                .contains("it stops there, so 176c8f38.1 does not help");
    }

    @Test
    void stale_hash_link() throws Exception {
        var folder = sound("stale-hash-link");
        var former = rsa("C0").endingIn(Duration.ofDays(-1)).make();
        Files.delete(folder.resolve("176c8f38.0"));
        Files.writeString(folder.resolve("176c8f38.0"), former.pem());

        var found = only(examine(folder), Fault.STALE_HASH_LINK);

        assertThat(found.cause()).contains("176c8f38.0 leads to a different certificate than C0.pem");
        assertThat(found.fix()).contains("rm " + folder + "/176c8f38.[0-9]* && openssl rehash " + folder);
    }

    @Test
    void a_stale_link_is_reported_once_although_its_certificate_is_still_valid() throws Exception {
        var folder = sound("stale-link-to-valid-certificate");
        var former = rsa("C0").withKeys(TestCertificate.otherRsa()).make();
        Files.delete(folder.resolve("176c8f38.0"));
        Files.writeString(folder.resolve("176c8f38.0"), former.pem());

        only(examine(folder), Fault.STALE_HASH_LINK);
    }

    @Test
    void a_dangling_link_is_stale() throws Exception {
        var folder = sound("dangling-hash-link");
        link(folder, new X500Principal("CN=C0"), "gone.pem");
        Files.createSymbolicLink(folder.resolve("176c8f38.1"), Path.of("C0.pem"));

        assertThat(only(examine(folder), Fault.STALE_HASH_LINK).cause()).contains("176c8f38.0 leads to a missing file");
    }

    /// `openssl verify -CApath` agrees with both: key identifiers decide.
    @Test
    void a_second_link_is_found_only_if_key_identifiers_differ() throws Exception {
        var folder = sound("second-link");
        var former = rsa("C0").withKeys(TestCertificate.otherRsa()).endingIn(Duration.ofDays(-1));
        Files.delete(folder.resolve("176c8f38.0"));
        Files.createSymbolicLink(folder.resolve("176c8f38.1"), Path.of("C0.pem"));

        Files.writeString(folder.resolve("176c8f38.0"), former.make().pem());
        assertThat(only(examine(folder), Fault.STALE_HASH_LINK).cause())
                .contains("176c8f38.0 leads to a different certificate than C0.pem");

        Files.writeString(
                folder.resolve("176c8f38.0"), former.withKeyIdentifiers().make().pem());
        Files.writeString(
                folder.resolve("C0.pem"), rsa("C0").withKeyIdentifiers().make().pem());
        assertThat(examine(folder)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    @Test
    void an_authority_s_certificate_needs_the_link_of_the_authority() throws Exception {
        var folder = sound("authority-without-link");
        var authority = rsa("authority")
                .withKeys(TestCertificate.otherRsa())
                .asAuthority()
                .make();
        put(folder, "C0", rsa("C0").issuedBy(authority).make());

        only(examine(folder), Fault.MISSING_HASH_LINK);

        Files.writeString(folder.resolve("authority.pem"), authority.pem());
        link(folder, new X500Principal("CN=authority"), "authority.pem");
        only(examine(folder), Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS);
    }

    @Test
    void links_are_elsewhere() throws Exception {
        var folder = Files.createDirectory(parent.resolve("links-are-elsewhere"));
        rsa("C0").make().write(folder.resolve("C0.pem"), folder.resolve("C0.key"));
        Files.writeString(folder.resolve("P0.pem"), rsa("P0").make().pem());

        var found = only(examine(folder), Fault.LINKS_ARE_ELSEWHERE);

        assertThat(found.severity()).isEqualTo(Severity.WARNING);
        assertThat(found.cause()).contains("the VM uses another folder");
    }

    @Test
    void missing_file() throws Exception {
        var folder = sound("missing-file");
        Files.delete(folder.resolve("C0.key"));

        var found = only(examine(folder), Fault.MISSING_FILE);

        assertThat(found.checked()).isEqualTo("C0.key");
        assertThat(found.cause()).isEqualTo("It does not exist.");
    }

    @Test
    void a_missing_certificate_or_folder_is_a_missing_file() throws Exception {
        var folder = sound("missing-certificate");
        Files.delete(folder.resolve("P0.pem"));
        Files.delete(folder.resolve("P0.key"));
        var empty = Files.createDirectory(parent.resolve("empty"));

        assertThat(only(MpSpdzFolder.examine(folder, Optional.of(0), 0, CLOCK), Fault.MISSING_FILE)
                        .checked())
                .isEqualTo("P0.pem");
        only(MpSpdzFolder.examine(empty, CLOCK), Fault.MISSING_FILE);
        only(MpSpdzFolder.examine(parent.resolve("none"), CLOCK), Fault.MISSING_FILE);
        only(MpSpdzFolder.examine(parent.resolve("none"), Optional.of(0), 0, CLOCK), Fault.MISSING_FILE);
    }

    @Test
    void unreadable_file() throws Exception {
        var folder = sound("unreadable-file");
        Files.delete(folder.resolve("C0.pem"));
        // Even the superuser cannot read a folder as a file.
        Files.createDirectory(folder.resolve("C0.pem"));

        var found = only(examine(folder), Fault.UNREADABLE_FILE);

        assertThat(found.checked()).isEqualTo("C0.pem");
        assertThat(found.fix().orElseThrow()).startsWith("sudo chown");
    }

    @Test
    void no_certificate() throws Exception {
        for (var content : List.of("", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
            var folder = sound("no-certificate-" + content.length());
            Files.writeString(folder.resolve("C0.pem"), content);

            assertThat(only(examine(folder), Fault.NO_CERTIFICATE).checked()).isEqualTo("C0.pem");
        }
    }

    @Test
    void no_key() throws Exception {
        for (var content : List.of(
                "",
                TestCertificate.pem("EC PRIVATE KEY", new byte[] {1}),
                TestCertificate.pem("PRIVATE KEY", new byte[] {1}),
                TestCertificate.pem("RSA PRIVATE KEY", new byte[] {1}))) {
            var folder = sound("no-key-" + content.hashCode());
            TestCertificate.writeKey(folder.resolve("C0.key"), content);

            var found = only(examine(folder), Fault.NO_KEY);

            assertThat(found.checked()).isEqualTo("C0.key");
            assertThat(found.fix().orElseThrow()).startsWith("openssl req -newkey rsa -nodes -x509");
        }
    }

    @Test
    void encrypted_key() throws Exception {
        var folder = sound("encrypted-key");
        TestCertificate.writeKey(
                folder.resolve("C0.key"), TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));

        assertThat(only(examine(folder), Fault.ENCRYPTED_KEY).fix().orElseThrow())
                .startsWith("openssl pkey -in " + folder.resolve("C0.key"));
    }

    @Test
    void unsupported_key() throws Exception {
        var folder = sound("unsupported-key");
        var keys = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        TestCertificate.writeKey(folder.resolve("C0.key"), TestCertificate.pem(keys.getPrivate()));

        assertThat(only(examine(folder), Fault.UNSUPPORTED_KEY).fix().orElseThrow())
                .startsWith("openssl req -newkey rsa");
    }

    @Test
    void keys_as_older_programs_write_them_are_read() throws Exception {
        var folder = sound("older-keys");
        PrivateKey rsa = rsa("C0").make().keys().getPrivate();
        TestCertificate.writeKey(folder.resolve("C0.key"), older("RSA PRIVATE KEY", rsa));
        var ec = TestCertificate.ec("P0").make();
        Files.writeString(folder.resolve("P0.pem"), ec.pem());
        TestCertificate.writeKey(
                folder.resolve("P0.key"), older("EC PRIVATE KEY", ec.keys().getPrivate()));

        assertThat(examine(folder)).allMatch(finding -> finding.severity() == Severity.OK);
    }

    private static String older(String label, PrivateKey key) throws IOException {
        var info = PrivateKeyInfo.getInstance(key.getEncoded());
        if (label.startsWith("EC")) {
            var bits = ECPrivateKey.getInstance(info.parsePrivateKey());
            return TestCertificate.pem(
                    label,
                    new ECPrivateKey(
                                    256,
                                    bits.getKey(),
                                    info.getPrivateKeyAlgorithm().getParameters())
                            .getEncoded());
        }
        return TestCertificate.pem(
                label, info.parsePrivateKey().toASN1Primitive().getEncoded());
    }

    @Test
    void key_open_to_others() throws Exception {
        var folder = sound("key-open-to-others");
        Files.setPosixFilePermissions(folder.resolve("C0.key"), PosixFilePermissions.fromString("rw-r--r--"));

        var found = only(examine(folder), Fault.KEY_OPEN_TO_OTHERS);

        assertThat(found.cause()).isEqualTo("C0.key is accessible to everyone (rw-r--r--).");
        assertThat(found.fix()).contains("chmod 600 " + folder.resolve("C0.key"));
    }

    @Test
    void paths_in_commands_survive_the_shell() {
        assertThat(Shell.word("a b'c")).isEqualTo("'a b'\\''c'");
        assertThat(Shell.word("Player-Data/C0.pem")).isEqualTo("Player-Data/C0.pem");
    }
}
