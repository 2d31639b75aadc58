// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERGeneralString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNumericString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.DERVisibleString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.x509.CertificateContent.Malformed;
import org.shareferry.x509.CertificateContent.Parsed;

class CertificateContentTest {
    private static Parsed parsed(TestCertificate certificate) {
        return (Parsed) CertificateContent.parse(certificate.der());
    }

    private static Malformed malformed(TestCertificate certificate) {
        return (Malformed) CertificateContent.parse(certificate.der());
    }

    static Stream<ASN1Encodable> stringsOf42() {
        return Stream.of(
                new DERNumericString("42"),
                new DERPrintableString("42"),
                new DERT61String("42"),
                new DERIA5String("42"),
                new DERVisibleString("42"),
                new DERGeneralString("42"),
                new DERBMPString("42"),
                new DERUniversalString(new byte[] {0, 0, 0, '4', 0, 0, 0, '2'}));
    }

    @ParameterizedTest
    @MethodSource("stringsOf42")
    void a_common_name_of_any_string_type_is_read(ASN1Encodable name) {
        assertThat(parsed(TestCertificate.empty().commonName("P1").commonName(name))
                        .commonNames())
                .containsExactly("P1", "42");
    }

    @Test
    void a_common_name_that_is_not_text_is_shown_in_hex() {
        assertThat(parsed(TestCertificate.empty().commonName(new ASN1Integer(5)))
                        .commonNames())
                .containsExactly("#020105");
    }

    /// CA:TRUE, followed by something else than a path length. Java omits the extension, so that the certificate does
    /// not look like an authority's.
    @Test
    void an_extension_that_java_cannot_parse_is_read() throws Exception {
        var value = Bytes.fromHex("30060101ff0101ff");
        var certificate =
                TestCertificate.empty().commonName("P1").extension(Extension.basicConstraints, false, value.toArray());

        assertThat(certificate.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(parsed(certificate).extension("2.5.29.19")).contains(new CertificateContent.Extension(false, value));
        assertThat(parsed(certificate).isDeclaredNoAuthority()).isFalse();
    }

    @Test
    void a_malformed_extension_makes_the_certificate_malformed() {
        var certificate =
                TestCertificate.ofVm("P1").extension(Extension.subjectAlternativeName, false, new byte[] {0x30, 2, 1});

        assertThat(malformed(certificate).why()).isNotBlank();
    }

    @Test
    void an_extension_that_occurs_twice_makes_the_certificate_malformed() {
        var certificate = TestCertificate.ofVm("P1").basicConstraints(new BasicConstraints(true));

        assertThat(malformed(certificate).why()).contains("2.5.29.19");
    }

    @Test
    void alternative_names_are_read_from_the_bytes() {
        var names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "P1"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "2001:db8::1"),
            new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[5])),
            new GeneralName(GeneralName.rfc822Name, "p1@example.org")
        });
        var certificate = parsed(TestCertificate.ofVm("P1")
                .extension(Extension.subjectAlternativeName, false, TestCertificate.encoded(names)));

        assertThat(certificate.dnsNames()).containsExactly("P1");
        assertThat(certificate.addresses()).containsExactly("127.0.0.1", "2001:db8:0:0:0:0:0:1", "#04050000000000");
    }

    @Test
    void extensions_have_their_bytes_and_whether_they_are_critical() {
        var certificate =
                parsed(TestCertificate.empty().extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new byte[] {5, 0}));

        assertThat(certificate.extension("1.2.3.4"))
                .contains(new CertificateContent.Extension(true, Bytes.of(new byte[] {5, 0})));
    }

    @Test
    void only_an_explicit_ca_false_declares_that_a_certificate_is_no_authority() {
        assertThat(parsed(TestCertificate.ofVm("P1")).isDeclaredNoAuthority()).isTrue();
        assertThat(parsed(TestCertificate.empty()
                                .extension(Extension.basicConstraints, false, new byte[] {0x30, 3, 1, 1, 0}))
                        .isDeclaredNoAuthority())
                .isTrue();
        assertThat(parsed(TestCertificate.empty().commonName("P1")).isDeclaredNoAuthority())
                .isFalse();
        for (var value : new BasicConstraints[] {new BasicConstraints(true), new BasicConstraints(0)}) {
            assertThat(parsed(TestCertificate.empty().basicConstraints(value)).isDeclaredNoAuthority())
                    .isFalse();
        }
        assertThat(parsed(TestCertificate.empty()
                                .extension(Extension.basicConstraints, true, new byte[] {0x30, 3, 1, 1, 1}))
                        .isDeclaredNoAuthority())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 100_000})
    void deeply_nested_elements_are_malformed(int levels) {
        // A SEQUENCE of indefinite length that contains the next one.
        var nested = "3080".repeat(levels) + "0000".repeat(levels);

        assertThat(CertificateContent.parse(Bytes.fromHex(nested))).isInstanceOf(Malformed.class);
    }

    static Stream<String> invalidTexts() {
        // UTF8String, BMPString with half a character and with half a surrogate pair, UTCTime without digits
        return Stream.of("0c02c328", "1e03005000", "1e02d800", "17025031");
    }

    /// OpenSSL reads no certificate with such a name.
    @ParameterizedTest
    @MethodSource("invalidTexts")
    void a_name_with_an_invalid_text_makes_the_certificate_malformed(String text) {
        // The name is as long as the one that it replaces.
        var placeholder = "1204" + "31313131";
        var padded = text + "0500".repeat((placeholder.length() - text.length()) / 4);
        var der = TestCertificate.empty()
                .commonName(new DERNumericString("1111"))
                .der()
                .toHex();

        assertThat(der).contains(placeholder);
        assertThat(CertificateContent.parse(Bytes.fromHex(der.replace(placeholder, padded))))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void changed_bytes_are_parsed_or_malformed_and_never_an_exception() {
        var valid = TestCertificate.ofVm("P1").dns("P1").der().toArray();
        var random = new Random(1);
        for (int round = 0; round < 5_000; round++) {
            var changed = valid.clone();
            for (int change = 0; change <= round % 3; change++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            int length = round % 5 == 0 ? random.nextInt(changed.length) : changed.length;

            assertThat(CertificateContent.parse(Bytes.of(Arrays.copyOf(changed, length))))
                    .isNotNull();
        }
    }
}
