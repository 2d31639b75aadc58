// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.junit.jupiter.api.Test;

class KeyIdentifiersTest {
    private static X509Certificate issuer(int key) throws Exception {
        return TestCertificate.ofVm("P1")
                .extension(
                        Extension.subjectKeyIdentifier,
                        false,
                        TestCertificate.encoded(new SubjectKeyIdentifier(new byte[] {(byte) key})))
                .certificate();
    }

    private static X509Certificate issuedBy(int key) throws Exception {
        return TestCertificate.ofVm("P1")
                .extension(
                        Extension.authorityKeyIdentifier,
                        false,
                        TestCertificate.encoded(new AuthorityKeyIdentifier(new byte[] {(byte) key})))
                .certificate();
    }

    @Test
    void only_the_same_key_identifier_may_have_issued() throws Exception {
        assertThat(KeyIdentifiers.mayHaveIssued(issuer(1), issuedBy(1))).isTrue();
        assertThat(KeyIdentifiers.mayHaveIssued(issuer(1), issuedBy(2))).isFalse();
    }

    @Test
    void a_missing_or_malformed_key_identifier_contradicts_nothing() throws Exception {
        var without = TestCertificate.ofVm("P1").certificate();
        var malformed = TestCertificate.ofVm("P1")
                .extension(Extension.authorityKeyIdentifier, false, new byte[] {1})
                .certificate();

        assertThat(KeyIdentifiers.mayHaveIssued(issuer(1), without)).isTrue();
        assertThat(KeyIdentifiers.mayHaveIssued(without, issuedBy(1))).isTrue();
        assertThat(KeyIdentifiers.mayHaveIssued(issuer(1), malformed)).isTrue();
    }
}
