// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.site.pem.CertificateFile.Certificates;

/// Files as people and programs make them: with OpenSSL, editors of other systems, and `cat`.
class PemFilesTest {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final String EC = "EC -pkeyopt ec_paramgen_curve:";

    /// What OpenSSL makes, once for all tests.
    @TempDir
    static Path made;

    @TempDir
    Path folder;

    private static String certificate;
    private static String key;

    @BeforeAll
    static void makeOne() throws Exception {
        make("one", EC + "P-256");
        certificate = Files.readString(made.resolve("one.crt"));
        key = Files.readString(made.resolve("one.key"));
    }

    private static void make(String name, String algorithm) throws Exception {
        openssl("genpkey -algorithm " + algorithm + " -out " + name + ".key");
        openssl("req -x509 -new -key " + name + ".key -subj /CN=" + name + " -days 30 -out " + name + ".crt");
    }

    private static void openssl(String arguments) throws Exception {
        assumeTrue(Files.isExecutable(OPENSSL));
        var command = List.of((OPENSSL + " " + arguments).split(" "));
        var process = new ProcessBuilder(command)
                .directory(made.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(arguments).isZero();
    }

    private Path file(String text) throws IOException {
        return file(text, StandardCharsets.UTF_8);
    }

    private Path file(String text, Charset charset) throws IOException {
        return Files.write(folder.resolve("file.pem"), text.getBytes(charset));
    }

    private static List<X509Certificate> certificates(Path file) {
        assertThat(CertificateFile.read(file)).isInstanceOf(Certificates.class);
        return ((Certificates) CertificateFile.read(file)).certificates();
    }

    private static void refused(CertificateFile read, PemFault fault, String why) {
        assertThat(read).isInstanceOfSatisfying(CertificateFile.Unusable.class, unusable -> {
            assertThat(unusable.fault()).isEqualTo(fault);
            assertThat(unusable.why()).contains(why);
        });
    }

    private static void refused(PrivateKeyFile read, PemFault fault, String why) {
        assertThat(read).isInstanceOfSatisfying(PrivateKeyFile.Unusable.class, unusable -> {
            assertThat(unusable.fault()).isEqualTo(fault);
            assertThat(unusable.why()).contains(why);
        });
    }

    @Test
    void certificates_joined_without_a_line_end_are_all_read() throws Exception {
        assertThat(certificates(file(certificate.strip() + certificate.strip() + key.strip() + certificate.strip())))
                .hasSize(3);
    }

    @Test
    void a_key_behind_a_certificate_without_a_line_end_is_read() throws Exception {
        var both = file(certificate.strip() + key.strip());

        assertThat(CertifiedKey.read(both, both)).isInstanceOf(CertifiedKey.Usable.class);
    }

    /// RFC 7468 §3: an encapsulation boundary begins its line.
    @Test
    void a_block_in_the_middle_of_a_line_is_text() throws Exception {
        var inText = "# O=xx" + certificate.strip() + "\n";

        assertThat(certificates(file(inText + certificate + "subject=" + certificate + key)))
                .hasSize(1);
        refused(CertificateFile.read(file(inText)), PemFault.NO_CERTIFICATE, "no certificate in PEM.");
        assertThat(certificates(file("  " + certificate))).hasSize(1);
        assertThat(certificates(file("\uFEFF" + certificate.strip() + " " + certificate)))
                .hasSize(2);
        assertThat(certificates(file("text\r" + certificate.replace("\n", "\r"))))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "UTF-8", "UTF-16", "UTF-16LE"})
    void surrounding_text_is_skipped_in_any_encoding(String charset) throws Exception {
        var text = "\uFEFF# Universität Köln\r\nBag Attributes\r\n  friendlyName: Schlüssel\r\n";
        if (charset.equals("ISO-8859-1")) {
            text = text.substring(1);
        }
        var all = file(text + certificate.replace("\n", "\r\n") + text + key + "Ende é", Charset.forName(charset));

        assertThat(certificates(all)).hasSize(1);
        assertThat(PrivateKeyFile.read(all)).isInstanceOf(PrivateKeyFile.Read.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r", " \n", "\n\n", " "})
    void lines_may_end_in_any_way(String end) throws Exception {
        assertThat(certificates(file(certificate.replace("\n", end)))).hasSize(1);
        assertThat(PrivateKeyFile.read(file(key.replace("\n", end)))).isInstanceOf(PrivateKeyFile.Read.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                EC + "P-384",
                EC + "P-521",
                "RSA",
                "RSA-PSS",
                "RSA-PSS -pkeyopt rsa_pss_keygen_md:sha512 -pkeyopt rsa_pss_keygen_mgf1_md:sha512",
                "ED25519",
                "ED448"
            })
    void every_kind_of_key_that_tls_uses_is_read_and_belongs_to_its_certificate(String algorithm) throws Exception {
        make("kind", algorithm);

        var read = CertifiedKey.read(made.resolve("kind.crt"), made.resolve("kind.key"));

        assertThat(read)
                .isInstanceOfSatisfying(
                        CertifiedKey.Usable.class,
                        usable -> assertThat(usable.keyManagers()).isNotEmpty());
        assertThat(CertifiedKey.read(made.resolve("kind.crt"), made.resolve("one.key")))
                .isInstanceOfSatisfying(
                        CertifiedKey.Unusable.class,
                        unusable -> assertThat(unusable.fault()).isEqualTo(PemFault.WRONG_PAIR));
    }

    @ParameterizedTest
    @CsvSource({"RSA, RSA PRIVATE KEY", "EC -pkeyopt ec_paramgen_curve:P-256, EC PRIVATE KEY"})
    void the_older_form_of_a_key_is_read_and_an_encrypted_one_is_reported(String algorithm, String label)
            throws Exception {
        make("older", algorithm);
        openssl("pkey -in older.key -traditional -out older.pem");
        openssl("pkey -in older.key -traditional -aes256 -passout pass:secret -out older-encrypted.pem");

        assertThat(Files.readString(made.resolve("older.pem"))).contains("BEGIN " + label);
        assertThat(CertifiedKey.read(made.resolve("older.crt"), made.resolve("older.pem")))
                .isInstanceOf(CertifiedKey.Usable.class);
        assertThat(Files.readString(made.resolve("older-encrypted.pem"))).contains("Proc-Type: 4,ENCRYPTED");
        refused(PrivateKeyFile.read(made.resolve("older-encrypted.pem")), PemFault.ENCRYPTED, "is encrypted");
    }

    @Test
    void an_encrypted_key_is_reported_as_encrypted() throws Exception {
        openssl("pkey -in one.key -aes256 -passout pass:secret -out encrypted.pem");

        refused(PrivateKeyFile.read(made.resolve("encrypted.pem")), PemFault.ENCRYPTED, "openssl pkey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256k1", "brainpoolP256r1"})
    void an_unsupported_curve_is_named(String curve) throws Exception {
        make("curve", EC + curve);
        openssl("pkey -in curve.key -traditional -out curve.pem");

        refused(PrivateKeyFile.read(made.resolve("curve.key")), PemFault.UNSUPPORTED, "on the curve " + curve);
        refused(PrivateKeyFile.read(made.resolve("curve.pem")), PemFault.UNSUPPORTED, "on the curve " + curve);
        refused(CertificateFile.read(made.resolve("curve.crt")), PemFault.UNSUPPORTED, "on the curve " + curve);
    }

    @Test
    void a_curve_with_explicit_parameters_is_reported() throws Exception {
        make("numbers", EC + "P-256 -pkeyopt ec_param_enc:explicit");

        assertThat(PrivateKeyFile.read(made.resolve("numbers.key")))
                .satisfiesAnyOf(
                        read -> assertThat(read).isInstanceOf(PrivateKeyFile.Read.class),
                        read -> refused(
                                (PrivateKeyFile) read,
                                PemFault.UNSUPPORTED,
                                "with explicit parameters instead of a name"));
    }

    @Test
    void a_key_for_something_other_than_tls_is_of_an_unsupported_kind() throws Exception {
        openssl("genpkey -algorithm X25519 -out x25519.key");
        refused(PrivateKeyFile.read(made.resolve("x25519.key")), PemFault.UNSUPPORTED, "of the kind 1.3.101.110");

        refused(
                PrivateKeyFile.read(
                        file("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----")),
                PemFault.UNSUPPORTED,
                "in the form OPENSSH PRIVATE KEY");
    }

    @Test
    void the_error_for_a_file_without_the_expected_block_says_what_it_contains() throws Exception {
        refused(CertificateFile.read(file(key)), PemFault.NO_CERTIFICATE, "no certificate in PEM, only PRIVATE KEY.");
        refused(PrivateKeyFile.read(file(certificate)), PemFault.NO_KEY, "no private key in PEM, only CERTIFICATE.");
        refused(PrivateKeyFile.read(file("")), PemFault.NO_KEY, "It contains no private key in PEM.");
        refused(CertificateFile.read(folder.resolve("none")), PemFault.MISSING, "does not exist");
        refused(PrivateKeyFile.read(folder), PemFault.UNREADABLE, "cannot be read");
        refused(CertificateFile.read(Path.of("/dev/zero")), PemFault.NO_CERTIFICATE, "too large for");
    }

    @Test
    void one_damaged_certificate_makes_the_file_unusable() throws Exception {
        var cut = certificate.strip();

        refused(
                CertificateFile.read(file(certificate + cut.substring(0, cut.length() - 1))),
                PemFault.NO_CERTIFICATE,
                "certificate number 2 is damaged");
        refused(
                CertificateFile.read(file(certificate.replace("\nMII", "\nM!I"))),
                PemFault.NO_CERTIFICATE,
                "certificate number 1 is damaged");
        refused(
                CertificateFile.read(file("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")),
                PemFault.NO_CERTIFICATE,
                "certificate number 1 is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"})
    void a_damaged_key_is_refused_without_printing_it(String label) throws Exception {
        for (var body : List.of("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1b", "AAAA", "MA==", "M!", "")) {
            refused(
                    PrivateKeyFile.read(
                            file("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----")),
                    PemFault.NO_KEY,
                    "The private key in it is damaged.");
        }
    }

    @Test
    void a_certificate_with_trust_settings_is_read() throws Exception {
        openssl("x509 -in one.crt -trustout -addtrust clientAuth -out trusted.crt");

        assertThat(certificates(made.resolve("trusted.crt"))).isEqualTo(certificates(file(certificate)));
    }

    @Test
    void the_chain_is_sorted_and_other_certificates_are_left_out() throws Exception {
        make("root", EC + "P-256");
        openssl("req -new -newkey rsa:2048 -nodes -keyout leaf.key -subj /CN=leaf -out leaf.csr");
        openssl("x509 -req -in leaf.csr -CA root.crt -CAkey root.key -days 30 -out leaf.crt");
        var leaf = Files.readString(made.resolve("leaf.crt"));
        var file = file(leaf + certificate + Files.readString(made.resolve("root.crt")));

        var read = CertifiedKey.read(file, made.resolve("leaf.key"));

        assertThat(read)
                .isInstanceOfSatisfying(
                        CertifiedKey.Usable.class,
                        usable -> assertThat(usable.chain())
                                .extracting(one -> one.getSubjectX500Principal().getName())
                                .containsExactly("CN=leaf", "CN=root"));
    }

    @Test
    void a_key_does_not_print_its_content() throws Exception {
        var secret = key.lines().skip(1).findFirst().orElseThrow();

        assertThat(PrivateKeyFile.read(file(key)).toString()).isEqualTo("a private key (EC)");
        assertThat(CertifiedKey.read(made.resolve("one.crt"), made.resolve("one.key"))
                        .toString())
                .doesNotContain(secret)
                .isEqualTo("key and certificate of CN=one");
    }
}
