// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate made for a test, with its key.
record MadeCertificate(X509Certificate certificate, KeyPair keys) {
    /// When every test happens.
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final List<KeyPair> RSA = List.of(rsa(2_048), rsa(2_048));

    /// What goes into a certificate; the rest is as MP-SPDZ's scripts have it.
    record Plan(
            String subject,
            Instant from,
            Instant to,
            List<GeneralName> alternatives,
            KeyPair keys,
            Optional<MadeCertificate> issuer,
            boolean hasKeyIdentifiers,
            boolean isAuthority) {
        Plan between(Instant begin, Instant end) {
            return new Plan(subject, begin, end, alternatives, keys, issuer, hasKeyIdentifiers, isAuthority);
        }

        Plan endingIn(Duration left) {
            return between(from, NOW.plus(left));
        }

        Plan endingAt(Instant end) {
            return between(end.minus(Duration.ofDays(20)).isBefore(from) ? end.minus(Duration.ofDays(20)) : from, end);
        }

        Plan withDns(String... names) {
            var list = List.of(names).stream()
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toList();
            return new Plan(subject, from, to, list, keys, issuer, hasKeyIdentifiers, isAuthority);
        }

        Plan withIp(String address) {
            return new Plan(
                    subject,
                    from,
                    to,
                    List.of(new GeneralName(GeneralName.iPAddress, address)),
                    keys,
                    issuer,
                    hasKeyIdentifiers,
                    isAuthority);
        }

        Plan withKeys(KeyPair other) {
            return new Plan(subject, from, to, alternatives, other, issuer, hasKeyIdentifiers, isAuthority);
        }

        Plan issuedBy(MadeCertificate authority) {
            return new Plan(
                    subject, from, to, alternatives, keys, Optional.of(authority), hasKeyIdentifiers, isAuthority);
        }

        Plan withKeyIdentifiers() {
            return new Plan(subject, from, to, alternatives, keys, issuer, true, isAuthority);
        }

        Plan asAuthority() {
            return new Plan(subject, from, to, alternatives, keys, issuer, hasKeyIdentifiers, true);
        }

        MadeCertificate make() {
            var signer = issuer.map(made -> made.keys()).orElse(keys);
            return make(signer.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        }

        /// @param algorithm that fits the signing key
        MadeCertificate make(String algorithm) {
            return MadeCertificate.make(this, algorithm);
        }
    }

    /// RSA, as MP-SPDZ needs it.
    static Plan rsa(String commonName) {
        return plan("CN=" + commonName, RSA.getFirst());
    }

    /// EC, as our own are.
    static Plan ec(String commonName) {
        return plan("CN=" + commonName, ecKeys());
    }

    static Plan plan(String subject, KeyPair keys) {
        return new Plan(
                subject,
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(300)),
                List.of(),
                keys,
                Optional.empty(),
                false,
                false);
    }

    /// @return another key pair than certificates have if nothing else is said
    static KeyPair otherRsa() {
        return RSA.getLast();
    }

    static KeyPair rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair ecKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MadeCertificate make(Plan plan, String algorithm) {
        try {
            var subject = new X500Principal(plan.subject());
            var issuer = plan.issuer()
                    .map(made -> made.certificate().getSubjectX500Principal())
                    .orElse(subject);
            var signer = plan.issuer().map(made -> made.keys()).orElse(plan.keys());
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(plan.from()),
                    Date.from(plan.to()),
                    subject,
                    plan.keys().getPublic());
            if (!plan.alternatives().isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(plan.alternatives().toArray(GeneralName[]::new)));
            }
            if (plan.isAuthority()) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            }
            if (plan.hasKeyIdentifiers()) {
                var identifiers = new JcaX509ExtensionUtils();
                builder.addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        identifiers.createSubjectKeyIdentifier(plan.keys().getPublic()));
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(signer.getPublic()));
            }
            var holder = builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()));
            return new MadeCertificate(new JcaX509CertificateConverter().getCertificate(holder), plan.keys());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    String pem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    /// Writes certificate and key, the key for its owner only.
    MadeCertificate write(Path certificateFile, Path keyFile) {
        try {
            Files.writeString(certificateFile, pem());
            writeKey(keyFile, pem(keys.getPrivate()));
            return this;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static void writeKey(Path file, String pem) throws IOException {
        Files.writeString(file, pem);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
