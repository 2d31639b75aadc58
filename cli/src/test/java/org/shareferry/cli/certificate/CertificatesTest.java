// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cli.Run;
import org.shareferry.site.trust.AuthoritiesFile;

class CertificatesTest {
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    @TempDir
    Path folder;

    @Test
    void a_services_certificate_names_member_and_hosts_and_is_for_servers_and_clients() throws Exception {
        make("P1", "--host", "p1.example.org", "192.0.2.7", "::1").succeeded();

        var certificate = read("tls.crt");
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=P1");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "p1.example.org"), List.of(7, "192.0.2.7"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactlyInAnyOrder(SERVER, CLIENT);
        assertThat(certificate.getKeyUsage()[0]).as("digital signature").isTrue();
        assertThat(certificate.getBasicConstraints()).as("no authority").isNegative();
        assertThat(((ECPublicKey) certificate.getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength())
                .isEqualTo(256);
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void a_users_certificate_names_the_user_and_is_for_clients_only() throws Exception {
        make("P1", "--host", "p1").succeeded();

        var certificate = read("user.crt");
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=P1-user");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT);
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
    }

    @Test
    void certificates_are_valid_from_shortly_before_now_for_as_long_as_asked() throws Exception {
        make("P1", "--host", "p1", "--days", "30").succeeded();

        var certificate = read("tls.crt");
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(Run.NOW.minus(Duration.ofMinutes(10)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Run.NOW.plus(Duration.ofDays(30)));
    }

    @Test
    void secret_files_are_readable_for_the_owner_only() throws Exception {
        make("P1", "--host", "p1").succeeded();

        for (var secret : List.of("tls.key", "user.key", "user.p12")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void each_key_matches_its_certificate() throws Exception {
        make("P1", "--host", "p1").succeeded();

        for (var name : List.of("tls", "user")) {
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(CertificateFiles.readPair(folder.resolve(name + ".crt"), folder.resolve(name + ".key"))
                    .key());
            signer.update((byte) 1);
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(read(name + ".crt").getPublicKey());
            verifier.update((byte) 1);
            assertThat(verifier.verify(signer.sign())).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({",AES-256-CBC,sha256", "--p12-older,pbeWithSHA1And3-KeyTripleDES-CBC,sha1"})
    void a_browser_can_import_the_users_certificate(@Nullable String option, String cipher, String digest)
            throws Exception {
        var options = new ArrayList<>(List.of("--host", "p1", "--p12-password", "for-the-browser"));
        Optional.ofNullable(option).ifPresent(options::add);
        make("P1", options.toArray(String[]::new)).succeeded();

        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(folder.resolve("user.p12"))) {
            store.load(in, "for-the-browser".toCharArray());
        }
        assertThat(store.getCertificate("user")).isEqualTo(read("user.crt"));
        assertThat(store.getKey("user", "for-the-browser".toCharArray()))
                .isEqualTo(CertificateFiles.readPair(folder.resolve("user.crt"), folder.resolve("user.key"))
                        .key());
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        assertThat(openssl("pkcs12 -info -nodes -passin pass:for-the-browser -in user.p12"))
                .contains("MAC: " + digest, cipher, "subject=CN = P1-user", "BEGIN PRIVATE KEY")
                .doesNotContain("error:", "Error ");
    }

    private String openssl(String arguments) throws Exception {
        var process = new ProcessBuilder(("/usr/bin/openssl " + arguments).split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void nothing_is_overwritten() throws Exception {
        make("P1", "--host", "p1").succeeded();
        var before = Files.readString(folder.resolve("tls.key"));

        make("P1", "--host", "p1").failedWith("already exists");

        assertThat(Files.readString(folder.resolve("tls.key"))).isEqualTo(before);
    }

    @Test
    void signing_requests_contain_name_and_hosts_and_are_signed() throws Exception {
        make("P1", "--host", "p1.example.org", "--csr").succeeded();

        var request = request("tls.csr");
        assertThat(request.getSubject().toString()).isEqualTo("CN=P1");
        assertThat(request.getRequestedExtensions().getExtensionOIDs()).hasSize(4);
        var verifier = new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo());
        assertThat(request.isSignatureValid(verifier)).isTrue();
        assertThat(request("user.csr").getSubject().toString()).isEqualTo("CN=P1-user");
        assertThat(folder.resolve("tls.crt")).doesNotExist();
    }

    @Test
    void an_authority_issues_certificates_that_its_own_verifies() throws Exception {
        var authority = folder.resolve("authority");
        Run.of("authority", "--out", authority, "--name", "Hospital group").succeeded();
        make("P1", "--host", "p1", "--ca", authority.toString()).succeeded();

        var issuer = CertificateFiles.read(authority.resolve("ca.crt")).getFirst();
        assertThat(issuer.getBasicConstraints())
                .as("signs members, not further authorities")
                .isZero();
        for (var name : List.of("tls.crt", "user.crt")) {
            var certificate = read(name);
            certificate.verify(issuer.getPublicKey());
            assertThat(certificate.getIssuerX500Principal()).isEqualTo(issuer.getSubjectX500Principal());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(authority.resolve("ca.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_members_certificate_cannot_issue_certificates() throws Exception {
        make("P1", "--host", "p1").succeeded();
        Files.move(folder.resolve("tls.crt"), folder.resolve("ca.crt"));
        Files.move(folder.resolve("tls.key"), folder.resolve("ca.key"));

        Run.of("certificates", "--member", "P2", "--out", folder.resolve("p2"), "--host", "p2", "--ca", folder)
                .failedWith("not the certificate of an authority");
    }

    @Test
    void the_trust_file_contains_all_named_certificates() throws Exception {
        make("P1", "--host", "p1").succeeded();
        var trust = folder.resolve("trust.pem");

        Run.of("trust", "--out", trust, "P1=" + folder.resolve("tls.crt"), "P1-user=" + folder.resolve("user.crt"))
                .succeeded();

        assertThat(CertificateFiles.read(trust)).containsExactly(read("tls.crt"), read("user.crt"));
        assertThat(Files.readString(trust)).contains("# P1\n").doesNotContain("PRIVATE KEY");
    }

    @Test
    void expired_certificates_of_the_replaced_file_are_dropped_and_reported() throws Exception {
        make("P1", "--host", "localhost", "--days", "30").succeeded();
        var trust = folder.resolve("trust.pem");
        Run.of("trust", "--out", trust, "P1=" + folder.resolve("tls.crt")).succeeded();
        var later = Run.NOW.plus(Duration.ofDays(31));
        var renewed = folder.resolve("renewed");
        Run.at(later, "certificates", "--member", "P1", "--out", renewed, "--host", "localhost")
                .succeeded();

        var fresh = "P1=" + renewed.resolve("tls.crt");
        var run = Run.at(later, "trust", "--out", trust, trust, fresh, fresh).succeeded();

        assertThat(run.out()).contains("left out: CN=P1 expired at 2026-03-31T12:00:00Z");
        assertThat(CertificateFiles.read(trust))
                .containsExactlyElementsOf(CertificateFiles.read(renewed.resolve("tls.crt")));
    }

    @Test
    void an_expired_certificate_is_not_trusted() {
        make("P1", "--host", "p1", "--days", "30").succeeded();

        Run.at(
                        Run.NOW.plus(Duration.ofDays(31)),
                        "trust",
                        "--out",
                        folder.resolve("t.pem"),
                        "P1=" + folder.resolve("tls.crt"))
                .failedWith("expired at");
    }

    @Test
    void a_file_is_pinned_under_its_own_name_or_a_given_one() throws Exception {
        make("P1", "--host", "p1").succeeded();
        Files.copy(folder.resolve("tls.crt"), folder.resolve("P1.crt"));
        Files.copy(folder.resolve("tls.crt"), folder.resolve("R0.crt"));
        var trust = folder.resolve("t.pem");

        Run.of("trust", "--out", trust, folder.resolve("P1.crt")).succeeded();
        Run.of("trust", "--out", trust, folder.resolve("R0.crt")).failedWith("contains a certificate of P1, not of R0");
        Run.of("trust", "--out", trust, folder.resolve("tls.crt")).failedWith("If you mean P1, write P1=");
        Run.of("trust", "--out", trust, "P1-user=" + folder.resolve("P1.crt")).failedWith("not of P1-user");
        assertThat(CertificateFiles.read(trust)).containsExactly(read("tls.crt"));
    }

    @Test
    void a_neighbours_file_with_a_certificate_of_another_name_is_refused() throws Exception {
        make("R0", "--host", "r0").succeeded();
        var both = folder.resolve("R0.crt");
        Files.writeString(
                both, Files.readString(folder.resolve("tls.crt")) + Files.readString(folder.resolve("user.crt")));

        Run.of("trust", "--out", folder.resolve("t.pem"), both).failedWith("a certificate of R0-user, not of R0");
        assertThat(folder.resolve("t.pem")).doesNotExist();
    }

    /// A subject may hold a whole PEM block, and control characters.
    @Test
    void control_characters_in_a_subject_add_no_pin_and_are_not_printed() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var keys = generator.generateKeyPair();
        var subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, "R0")
                .addRDN(BCStyle.O, "\r\u001b[2K-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----")
                .build();
        var holder = new JcaX509v3CertificateBuilder(
                        subject,
                        BigInteger.ONE,
                        new Date(),
                        Date.from(Instant.now().plus(Duration.ofDays(9))),
                        subject,
                        keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        var file = folder.resolve("R0.crt");
        Files.writeString(file, CertificateFiles.pem("CERTIFICATE", holder.getEncoded()));
        var out = folder.resolve("t.pem");

        var printed = Run.of("trust", "--out", out, file).succeeded();

        assertThat(Files.readString(out)).startsWith("# R0\n").containsOnlyOnce("BEGIN");
        assertThat(CertificateFiles.read(out)).hasSize(1);
        assertThat(printed.out()).doesNotContain("\u001b", "\r");
    }

    @Test
    void while_a_certificate_is_renewed_a_file_may_have_both() throws Exception {
        make("R0", "--host", "r0").succeeded();
        var renewed = folder.resolve("renewed");
        Run.of("certificates", "--member", "R0", "--out", renewed, "--host", "r0")
                .succeeded();
        var both = folder.resolve("R0.crt");
        Files.writeString(
                both, Files.readString(folder.resolve("tls.crt")) + Files.readString(renewed.resolve("tls.crt")));

        Run.of("trust", "--out", folder.resolve("t.pem"), both).succeeded();

        assertThat(CertificateFiles.read(folder.resolve("t.pem"))).hasSize(2);
    }

    @Test
    void an_authority_is_not_pinned_and_needs_the_names_of_members() throws Exception {
        Run.of("authority", "--out", folder.resolve("a"), "--name", "P0").succeeded();
        var certificate = folder.resolve("a").resolve("ca.crt");
        var trust = folder.resolve("t.pem");

        Run.of("trust", "--out", trust, "P0=" + certificate).failedWith("name it with --authority");
        Run.of("trust", "--out", trust, "--authority", certificate).failedWith("names no members");
        Run.of("trust", "--out", trust, "--authority", "C0-user=" + certificate).failedWith("C0-user");
        assertThat(trust).doesNotExist();

        Run.of("trust", "--out", trust, "--authority", "P0,P1=" + certificate).succeeded();
        assertThat(trust).doesNotExist();
        assertThat(AuthoritiesFile.parse(Files.readString(folder.resolve("authorities.json"))))
                .singleElement()
                .satisfies(one -> assertThat(one.memberNames()).isEqualTo("P0, P1"));
    }

    @Test
    void a_members_certificate_is_refused_as_an_authority() throws Exception {
        make("P1", "--host", "p1").succeeded();

        Run.of("trust", "--out", folder.resolve("t.pem"), "--authority", "P1=" + folder.resolve("tls.crt"))
                .failedWith("is not the certificate of an authority");
    }

    @Test
    void a_key_is_not_a_certificate() {
        make("P1", "--host", "p1").succeeded();

        Run.of("trust", "--out", folder.resolve("t.pem"), folder.resolve("tls.key"))
                .failedWith("certificate");
        assertThat(folder.resolve("t.pem")).doesNotExist();
    }

    private Run make(String member, String... more) {
        var arguments = Stream.concat(
                Stream.of("certificates", "--member", member, "--out", folder.toString()), Stream.of(more));
        return Run.of(arguments.toArray());
    }

    private X509Certificate read(String name) throws Exception {
        return CertificateFiles.read(folder.resolve(name)).getFirst();
    }

    private PKCS10CertificationRequest request(String name) throws Exception {
        try (var parser = new PEMParser(new StringReader(Files.readString(folder.resolve(name))))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }

    @Test
    void what_is_trusted_is_listed_for_people_and_programs() throws Exception {
        make("P1", "--host", "localhost").succeeded();
        Run.of("authority", "--out", folder.resolve("ca")).succeeded();
        var trust = folder.resolve("trust.pem");
        Run.of(
                        "trust",
                        "--out",
                        trust,
                        "--authority",
                        "P0,R0=" + folder.resolve("ca/ca.crt"),
                        "P1=" + folder.resolve("tls.crt"))
                .succeeded();

        var table = Run.of("trust", "list", trust).succeeded().out();
        var json = Run.of("trust", "list", trust, "-o", "json").succeeded().out();

        assertThat(table).contains("P1 ", "connect", "issue for P0, R0", Fingerprint.of(read("tls.crt")));
        assertThat(json).contains("{\"name\":\"P1\",", "\"members\":[\"P0\",\"R0\"]");
        Run.of("trust", "list", folder.resolve("none/trust.pem")).failedWith("does not exist");
        Run.of("trust", folder.resolve("tls.crt")).failedWith("--out is missing");
    }
}
