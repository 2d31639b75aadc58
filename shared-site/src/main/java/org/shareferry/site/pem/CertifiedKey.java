// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;

/// A certificate with its private key, from two files or from one with both.
public sealed interface CertifiedKey {
    /// @param chain the certificate, followed by the authorities in its file, each the issuer of the one before it
    /// @param key the private key of the first certificate
    record Usable(List<X509Certificate> chain, PrivateKey key) implements CertifiedKey {
        private static final char[] NO_PASSWORD = {};

        public Usable {
            chain = List.copyOf(chain);
        }

        /// @return the certificate itself
        public X509Certificate certificate() {
            return chain.getFirst();
        }

        /// @return key managers for TLS handshakes with this certificate
        public KeyManager[] keyManagers() {
            try {
                // In memory only. PKCS #12 would derive keys from the empty password, for up to a quarter of a second.
                var store = KeyStore.getInstance("JKS");
                store.load(null, NO_PASSWORD);
                store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
                // Not PKIX: it would take the key out of the store again for each handshake.
                var factory = KeyManagerFactory.getInstance("SunX509");
                factory.init(store, NO_PASSWORD);
                return factory.getKeyManagers();
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("A key store in memory takes a key and its certificates.", e);
            }
        }

        @Override
        public String toString() {
            return "key and certificate of " + certificate().getSubjectX500Principal();
        }
    }

    /// @param file the unusable file
    /// @param fault what is wrong with it
    /// @param why a sentence, which does not name the file
    record Unusable(Path file, PemFault fault, String why) implements CertifiedKey {}

    /// @param certificate PEM, the member's own certificate first, further ones in any order
    /// @param key PEM
    static CertifiedKey read(Path certificate, Path key) {
        try (var content = content(certificate, key)) {
            return content.parse();
        }
    }

    /// @param certificate as for [#read]
    /// @param key as for [#read]
    /// @return the current content of both files; the caller closes it
    static Content content(Path certificate, Path key) {
        return new Content(certificate, key);
    }

    /// The content of both files, read once, so that the digest matches what is parsed.
    final class Content implements AutoCloseable {
        private final Path certificate;
        private final Path key;
        private final PemContent ofCertificate;
        private final PemContent ofKey;

        private Content(Path certificate, Path key) {
            this.certificate = certificate;
            this.key = key;
            this.ofCertificate = PemContent.read(certificate, CertificateFile.LARGEST);
            this.ofKey = PemContent.read(key, CertificateFile.LARGEST);
        }

        /// @return a digest of the content of both files
        public Bytes digest() {
            return Sha256.begin()
                    .add(ofCertificate.digest())
                    .addLabel(" ")
                    .add(ofKey.digest())
                    .digest();
        }

        /// @return the parsed content
        public CertifiedKey parse() {
            return switch (CertificateFile.parse(ofCertificate)) {
                case CertificateFile.Unusable unusable -> new Unusable(certificate, unusable.fault(), unusable.why());
                case CertificateFile.Certificates certificates ->
                    switch (PrivateKeyFile.parse(ofKey)) {
                        case PrivateKeyFile.Unusable unusable -> new Unusable(key, unusable.fault(), unusable.why());
                        case PrivateKeyFile.Read read -> pair(certificate, key, certificates, read);
                    };
            };
        }

        /// Wipes the content.
        @Override
        public void close() {
            ofCertificate.wipe();
            ofKey.wipe();
        }
    }

    private static CertifiedKey pair(
            Path certificate, Path file, CertificateFile.Certificates certificates, PrivateKeyFile.Read key) {
        return key.belongsTo(certificates.first().getPublicKey())
                ? new Usable(certificates.chain(), key.key())
                : new Unusable(
                        file,
                        PemFault.WRONG_PAIR,
                        "Its private key does not belong to the first certificate in " + certificate.getFileName()
                                + ".");
    }
}
