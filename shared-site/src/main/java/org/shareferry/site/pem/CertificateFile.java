// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.PemBlock;
import org.shareferry.x509.CertificateContent;

/// The content of a PEM file with certificates.
public sealed interface CertificateFile {
    /// The largest file that is read, in bytes.
    int LARGEST = 1 << 20;

    /// Labels of certificates (RFC 7468 §5.1), including OpenSSL's format with trust settings after the
    /// certificate.
    Set<String> LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

    /// @param certificates at least one, in the file's order
    record Certificates(List<X509Certificate> certificates) implements CertificateFile {
        public Certificates {
            certificates = List.copyOf(certificates);
        }

        /// @return the file's first certificate
        public X509Certificate first() {
            return certificates.getFirst();
        }

        /// The chain for a TLS handshake. Files may have the certificates of authorities in any order, and
        /// unrelated ones.
        ///
        /// @return the first certificate, followed by those others that issued the one before them
        public List<X509Certificate> chain() {
            var chain = new ArrayList<>(List.of(first()));
            while (true) {
                var last = chain.getLast();
                var issuer = certificates.stream()
                        .filter(one -> !chain.contains(one) && isIssuedBy(last, one))
                        .findFirst();
                if (issuer.isEmpty()) {
                    return List.copyOf(chain);
                }
                chain.add(issuer.get());
            }
        }

        private static boolean isIssuedBy(X509Certificate issued, X509Certificate issuer) {
            try {
                issued.verify(issuer.getPublicKey());
                return issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    /// @param fault what is wrong with the file
    /// @param why the reason for people, without the name of the file
    record Unusable(PemFault fault, String why) implements CertificateFile {}

    /// Reads all certificates of a file and skips other content. A single unusable certificate makes the file
    /// unusable.
    static CertificateFile read(Path file) {
        var content = PemContent.read(file, LARGEST);
        try {
            return parse(content);
        } finally {
            content.wipe();
        }
    }

    /// @param content of a whole file; the caller wipes it
    static CertificateFile parse(PemContent content) {
        return switch (content) {
            case PemContent.Unread unread -> new Unusable(unread.fault(), unread.why());
            case PemContent.TooLarge large ->
                new Unusable(PemFault.NO_CERTIFICATE, "It is too large for a file of certificates.");
            case PemContent.Read read -> parse(read.content().reveal());
        };
    }

    /// @param content of a whole file
    static CertificateFile parse(Bytes content) {
        return parse(content.toArray());
    }

    private static CertificateFile parse(byte[] content) {
        var blocks = PemBlock.in(content);
        var read = new ArrayList<X509Certificate>();
        for (var block : blocks) {
            if (LABELS.contains(block.label())) {
                var number = "number " + (read.size() + 1);
                try {
                    var certificate = certificate(block);
                    var unsupported = unsupported(certificate);
                    if (unsupported.isPresent()) {
                        return unsupported(number, unsupported.get());
                    }
                    read.add(certificate);
                } catch (CertificateException e) {
                    return new Unusable(
                            PemFault.NO_CERTIFICATE, "Its certificate " + number + " is " + e.getMessage() + ".");
                }
            }
        }
        return read.isEmpty()
                ? new Unusable(
                        PemFault.NO_CERTIFICATE, "It contains no certificate in PEM" + PemContent.instead(blocks) + ".")
                : new Certificates(read);
    }

    /// @param content of a whole file, which may be damaged
    /// @return its usable certificates
    static List<X509Certificate> usable(Bytes content) {
        var usable = new ArrayList<X509Certificate>();
        for (var block : PemBlock.in(content.toArray())) {
            if (LABELS.contains(block.label())) {
                try {
                    usable.add(certificate(block));
                } catch (CertificateException e) {
                    // Damaged; skipped.
                }
            }
        }
        return usable;
    }

    private static Unusable unsupported(String number, String kind) {
        return new Unusable(
                PemFault.UNSUPPORTED,
                "The key of its certificate " + number + " is " + kind + "; " + KeyKind.SUPPORTED + ".");
    }

    private static X509Certificate decoded(PemBlock block) throws CertificateException {
        try (var der = block.der().orElseThrow(CertificateException::new)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der.reveal()));
        } catch (CertificateException e) {
            throw new CertificateException("damaged", e);
        }
    }

    /// The certificate as Java reads it, if its bytes are well-formed too: Java omits extensions that it cannot parse.
    private static X509Certificate certificate(PemBlock block) throws CertificateException {
        var certificate = decoded(block);
        if (CertificateContent.of(certificate) instanceof CertificateContent.Malformed malformed) {
            throw new CertificateException("malformed: " + malformed.why());
        }
        return certificate;
    }

    /// @return the kind of the certificate's key, if TLS does not support it
    private static Optional<String> unsupported(X509Certificate certificate) {
        return KeyKind.unsupported(
                SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded())
                        .getAlgorithm());
    }
}
