// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS with a user's certificate to a service that is known by its certificate.
final class MutualTls {
    private static final char[] NO_PASSWORD = {};
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private MutualTls() {}

    /// @throws IOException when a file cannot be read or has not what it should have
    static SSLContext context(ClientFiles files, Clock clock) throws IOException {
        try {
            var chain = certificates(files.certificate());
            var key = key(files.key(), chain[0].getPublicKey().getAlgorithm());
            var own = emptyStore();
            own.setKeyEntry("user", key, NO_PASSWORD, chain);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            var trusted = emptyStore();
            var pins = pins(files.serviceCertificate());
            for (int i = 0; i < pins.size(); i++) {
                trusted.setCertificateEntry("service-" + i, pins.get(i));
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), new TrustManager[] {new Pinned(pins, find(trust), clock)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("The certificates or the key cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static X509ExtendedTrustManager find(TrustManagerFactory factory) {
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /// Certificates of authorities may follow the service's own, for other programs.
    ///
    /// @return the service's own; two while it changes its certificate
    private static List<X509Certificate> pins(Path file) throws IOException {
        var own = Arrays.stream(certificates(file))
                .map(X509Certificate.class::cast)
                .filter(one -> one.getBasicConstraints() < 0)
                .toList();
        if (own.isEmpty()) {
            throw new IOException(file + " has only certificates of authorities (CA:TRUE), which are not pinned."
                    + " It needs the service's own certificate.");
        }
        return own;
    }

    private static Certificate[] certificates(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException(file + " has no certificate in PEM.");
            }
            return found.toArray(Certificate[]::new);
        } catch (CertificateException e) {
            throw new IOException(file + " has no certificate in PEM.", e);
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException {
        var match = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!match.find()) {
            throw new IOException(file + " has no private key as PKCS #8 in PEM without a password."
                    + " `openssl pkey -in OLD -out NEW` writes one.");
        }
        var encoded = Base64.getMimeDecoder().decode(match.group(1));
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " has no key of the certificate's kind, " + algorithm + ".", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// The JDK compares the host's name. It would also trust a pinned certificate after its end, and
    /// certificates that its key signed. Here the service must show a pinned certificate itself, within
    /// its validity.
    private static final class Pinned extends X509ExtendedTrustManager {
        private final List<X509Certificate> pins;
        private final X509ExtendedTrustManager jdk;
        private final Clock clock;

        Pinned(List<X509Certificate> pins, X509ExtendedTrustManager jdk, Clock clock) {
            this.pins = pins;
            this.jdk = jdk;
            this.clock = clock;
        }

        private void check(X509Certificate shown) throws CertificateException {
            if (!pins.contains(shown)) {
                throw new CertificateException("The service shows another certificate than the one that is pinned.");
            }
            shown.checkValidity(Date.from(clock.instant()));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain[0]);
            jdk.checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain[0]);
            jdk.checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw notClient();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw notClient();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw notClient();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw notClient();
        }

        private static CertificateException notClient() {
            return new CertificateException("This side of the connection is a client.");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return jdk.getAcceptedIssuers();
        }
    }
}
