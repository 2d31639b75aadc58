// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate made for a test, with its key.
record TestCertificate(X509Certificate certificate, KeyPair keys) {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final AtomicLong SERIAL = new AtomicLong(1);

    /// What goes into a certificate.
    record Plan(String subject, Instant from, Instant to, List<Entry> extensions) {
        private record Entry(ASN1ObjectIdentifier id, ASN1Encodable value) {}

        Plan between(Instant begin, Instant end) {
            return new Plan(subject, begin, end, extensions);
        }

        Plan expired() {
            return between(NOW.minus(Duration.ofDays(30)), NOW.minus(Duration.ofDays(5)));
        }

        private Plan with(ASN1ObjectIdentifier id, ASN1Encodable value) {
            var all = new java.util.ArrayList<>(extensions);
            all.add(new Entry(id, value));
            return new Plan(subject, from, to, all);
        }

        Plan asAuthority() {
            return with(Extension.basicConstraints, new BasicConstraints(true));
        }

        Plan asAuthority(int pathLength) {
            return with(Extension.basicConstraints, new BasicConstraints(pathLength));
        }

        Plan withUsage(int usage) {
            return with(Extension.keyUsage, new KeyUsage(usage));
        }

        Plan withPurpose(KeyPurposeId purpose) {
            return with(Extension.extendedKeyUsage, new ExtendedKeyUsage(purpose));
        }

        Plan withoutNamesBelow(String name) {
            var subtree = new GeneralSubtree(new GeneralName(new org.bouncycastle.asn1.x500.X500Name(name)));
            return with(Extension.nameConstraints, new NameConstraints(null, new GeneralSubtree[] {subtree}));
        }

        TestCertificate make() {
            return make(keyPair());
        }

        /// @param keys of the certificate, which signs itself
        TestCertificate make(KeyPair keys) {
            return sign(keys, keys, new X500Principal(subject), algorithm(keys));
        }

        TestCertificate issuedBy(TestCertificate issuer) {
            return issuedBy(issuer, keyPair());
        }

        /// @param keys of the certificate, of any kind
        TestCertificate issuedBy(TestCertificate issuer, KeyPair keys) {
            return sign(keys, issuer.keys(), issuer.certificate().getSubjectX500Principal(), algorithm(issuer.keys()));
        }

        /// @param algorithm that fits the issuer's key
        TestCertificate issuedBy(TestCertificate issuer, String algorithm) {
            return sign(keyPair(), issuer.keys(), issuer.certificate().getSubjectX500Principal(), algorithm);
        }

        private static String algorithm(KeyPair signer) {
            var key = signer.getPrivate().getAlgorithm();
            return "SHA256with" + (key.equals("EC") ? "ECDSA" : key);
        }

        private TestCertificate sign(KeyPair keys, KeyPair signer, X500Principal issuer, String algorithm) {
            try {
                var builder = new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.valueOf(SERIAL.incrementAndGet()),
                        Date.from(from),
                        Date.from(to),
                        new X500Principal(subject),
                        keys.getPublic());
                for (var extension : extensions) {
                    builder.addExtension(extension.id(), true, extension.value());
                }
                // The platform names PSS in another way.
                var holder = builder.build(new JcaContentSignerBuilder(algorithm)
                        .setProvider(new BouncyCastleProvider())
                        .build(signer.getPrivate()));
                return new TestCertificate(new JcaX509CertificateConverter().getCertificate(holder), keys);
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return one that is valid now
    static Plan of(String commonName) {
        return subject("CN=" + commonName);
    }

    static Plan subject(String subject) {
        return new Plan(subject, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(300)), List.of());
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
