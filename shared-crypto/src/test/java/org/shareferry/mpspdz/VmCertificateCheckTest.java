// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNumericString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.mpspdz.VmCertificateCheck.Expired;
import org.shareferry.mpspdz.VmCertificateCheck.Fit;
import org.shareferry.mpspdz.VmCertificateCheck.MaySignOthers;
import org.shareferry.mpspdz.VmCertificateCheck.NotWellFormed;
import org.shareferry.mpspdz.VmCertificateCheck.NotYetValid;
import org.shareferry.mpspdz.VmCertificateCheck.UnexpectedCriticalExtension;
import org.shareferry.mpspdz.VmCertificateCheck.WrongName;
import org.shareferry.x509.CertificateContent;
import org.shareferry.x509.TestCertificate;

class VmCertificateCheckTest {
    @TempDir
    Path folder;

    private static VmCertificateCheck check(TestCertificate certificate) {
        return check(certificate, TestCertificate.NOW);
    }

    private static VmCertificateCheck check(TestCertificate certificate, Instant now) {
        return VmCertificateCheck.check(CertificateContent.parse(certificate.der()), "P1", now);
    }

    private static TestCertificate noAuthority() {
        return TestCertificate.empty().basicConstraints(new BasicConstraints(false));
    }

    /// Creates a certificate of P1 with the program openssl.
    ///
    /// @param arguments for `openssl req`
    private X509Certificate openssl(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-newkey", "ec"));
        command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "P1.key", "-out", "P1.pem"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        var pem = Files.readAllBytes(folder.resolve("P1.pem"));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    private static VmCertificateCheck check(X509Certificate certificate) {
        return VmCertificateCheck.check(CertificateContent.of(certificate), "P1", Instant.now());
    }

    @Test
    void a_certificate_of_openssl_with_ca_false_is_fit() throws Exception {
        assertThat(check(openssl("-subj", "/CN=P1", "-addext", "basicConstraints=critical,CA:FALSE")))
                .isEqualTo(new Fit());
    }

    /// As MP-SPDZ's `Scripts/setup-ssl.sh` creates it.
    @Test
    void a_certificate_of_openssl_s_defaults_may_sign_others() throws Exception {
        assertThat(check(openssl("-subj", "/CN=P1"))).isEqualTo(new MaySignOthers("P1"));
    }

    @Test
    void a_certificate_of_openssl_with_two_names_has_the_wrong_name() throws Exception {
        assertThat(check(openssl("-subj", "/CN=P1/CN=P0", "-addext", "basicConstraints=CA:FALSE")))
                .isEqualTo(new WrongName(List.of("P1", "P0"), "P1"));
        assertThat(check(openssl("-subj", "/CN=P1+CN=P0", "-addext", "basicConstraints=CA:FALSE")))
                .isInstanceOf(WrongName.class);
    }

    @Test
    void a_certificate_with_one_name_and_ca_false_is_fit() {
        assertThat(check(TestCertificate.ofVm("P1"))).isEqualTo(new Fit());
        assertThat(check(TestCertificate.ofVm("p1").dns("P1"))).isEqualTo(new Fit());
    }

    @Test
    void a_certificate_with_another_or_a_second_name_has_the_wrong_name() {
        for (var other : List.of(
                noAuthority(),
                TestCertificate.ofVm("P0"),
                TestCertificate.ofVm("P1").commonName("P0"),
                TestCertificate.ofVm("P1").commonName("P1"),
                TestCertificate.ofVm("P1").dns("P0"),
                TestCertificate.ofVm("P1").dns("P1", "P0"),
                TestCertificate.ofVm("P1").dns("*"),
                noAuthority().dns("P1"))) {
            assertThat(check(other)).isInstanceOf(WrongName.class);
        }
    }

    /// Java gives such a name as bytes, while OpenSSL compares it as text.
    @Test
    void a_second_name_of_another_string_type_is_not_ignored() {
        for (var name : new ASN1Encodable[] {new DERNumericString("42"), new ASN1ObjectIdentifier("2.5.4.3")}) {
            assertThat(check(TestCertificate.ofVm("P1").commonName(name))).isInstanceOf(WrongName.class);
        }
    }

    @Test
    void a_name_with_control_characters_is_printed_without_them() {
        var check = (WrongName) check(TestCertificate.ofVm("P1\u001b[2J\u0000").commonName(new DERUTF8String("a\nb")));

        assertThat(check.names()).containsExactly("P1 [2J ", "a b");
        assertThat(check.why()).contains("must be for P1 alone").doesNotContain("\u001b");
    }

    @Test
    void a_certificate_that_does_not_say_ca_false_may_sign_others() {
        for (var authority : List.of(
                TestCertificate.empty().commonName("P1"),
                TestCertificate.empty().commonName("P1").version1(),
                TestCertificate.empty().commonName("P1").basicConstraints(new BasicConstraints(true)),
                TestCertificate.empty().commonName("P1").basicConstraints(new BasicConstraints(0)))) {
            assertThat(check(authority)).isEqualTo(new MaySignOthers("P1"));
        }
    }

    @Test
    void a_certificate_with_key_usage_key_cert_sign_may_sign_others() throws Exception {
        for (int usage : new int[] {KeyUsage.keyCertSign, KeyUsage.digitalSignature}) {
            var certificate =
                    TestCertificate.ofVm("P1").extension(Extension.keyUsage, true, new KeyUsage(usage).getEncoded());

            assertThat(check(certificate) instanceof MaySignOthers).isEqualTo(usage == KeyUsage.keyCertSign);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_certificate_with_two_basic_constraints_is_not_well_formed(boolean isAuthority) {
        var certificate = TestCertificate.ofVm("P1").basicConstraints(new BasicConstraints(isAuthority));

        assertThat(check(certificate)).isInstanceOf(NotWellFormed.class);
    }

    /// Java omits the first one, so its X509Certificate has only the second.
    @Test
    void a_certificate_with_two_basic_constraints_of_which_java_reads_one_is_not_well_formed() throws Exception {
        var certificate = TestCertificate.empty()
                .commonName("P1")
                .extension(Extension.basicConstraints, false, new byte[] {0x30, 3, 1, 1})
                .basicConstraints(new BasicConstraints(false));

        assertThat(certificate.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(VmCertificateCheck.check(
                        CertificateContent.of(certificate.certificate()), "P1", TestCertificate.NOW))
                .isInstanceOf(NotWellFormed.class);
    }

    @Test
    void an_unknown_extension_is_allowed_only_if_it_is_not_critical() {
        var unknown = new ASN1ObjectIdentifier("1.2.3.4");

        assertThat(check(TestCertificate.ofVm("P1").extension(unknown, true, new byte[] {5, 0})))
                .isEqualTo(new UnexpectedCriticalExtension("1.2.3.4"));
        assertThat(check(TestCertificate.ofVm("P1").extension(unknown, false, new byte[] {5, 0})))
                .isEqualTo(new Fit());
    }

    @Test
    void a_certificate_is_fit_only_between_its_dates() {
        var day = Duration.ofDays(1);
        var certificate = TestCertificate.ofVm("P1");
        var from = TestCertificate.NOW.minus(day);
        var end = TestCertificate.NOW.plus(day);

        assertThat(check(certificate, from.minusSeconds(1))).isEqualTo(new NotYetValid(from));
        assertThat(check(certificate, from)).isEqualTo(new Fit());
        assertThat(check(certificate, end)).isEqualTo(new Fit());
        assertThat(check(certificate, end.plusSeconds(1))).isEqualTo(new Expired(end));
    }

    @Test
    void mp_spdz_compares_the_dns_names_or_else_the_common_names() throws Exception {
        assertThat(isAcceptedForP1(TestCertificate.ofVm("P1"))).isTrue();
        assertThat(isAcceptedForP1(TestCertificate.ofVm("P0").commonName("p1"))).isTrue();
        assertThat(isAcceptedForP1(TestCertificate.ofVm("P0").dns("P2", "P1"))).isTrue();
        assertThat(isAcceptedForP1(TestCertificate.ofVm("P1").dns("P0"))).isFalse();
        assertThat(isAcceptedForP1(TestCertificate.ofVm("P0"))).isFalse();
    }

    private static boolean isAcceptedForP1(TestCertificate certificate) throws Exception {
        return VmCertificateCheck.isAcceptedFor(certificate.certificate(), "P1");
    }
}
