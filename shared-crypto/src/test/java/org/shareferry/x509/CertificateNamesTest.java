// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;

class CertificateNamesTest {
    @Test
    void names_are_printed_without_control_characters() throws Exception {
        var certificate =
                TestCertificate.empty().commonName("P1\u001b[2J").dns("a\nb").certificate();

        assertThat(CertificateNames.common(certificate)).containsExactly("P1 [2J");
        assertThat(CertificateNames.dns(certificate)).containsExactly("a b");
        assertThat(CertificateNames.subject(certificate)).doesNotContain("\u001b");
        assertThat(CertificateNames.issuer(certificate)).doesNotContain("\u001b");
    }

    @Test
    void a_malformed_certificate_has_no_names() throws Exception {
        var certificate = TestCertificate.ofVm("P1")
                .extension(Extension.subjectAlternativeName, false, new byte[] {1})
                .certificate();

        assertThat(CertificateNames.common(certificate)).isEmpty();
        assertThat(CertificateNames.dns(certificate)).isEmpty();
        assertThat(CertificateNames.hosts(certificate)).isEmpty();
    }
}
