// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.shareferry.member.MemberName;
import org.shareferry.pem.CertificateFile;
import org.shareferry.pem.CertificateFile.Certificates;
import org.shareferry.pem.CertifiedKey;

/// A member's side of TLS, from its files.
final class TlsClient {
    private static final char[] NO_PASSWORD = new char[0];

    private final KeyManager[] keys;
    private final X509ExtendedTrustManager trust;

    private TlsClient(KeyManager[] keys, X509ExtendedTrustManager trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /// @return nothing when the files are not usable, which is a finding elsewhere
    static Optional<TlsClient> of(Site.TlsFiles files) {
        if (CertifiedKey.read(files.certificate(), files.key()) instanceof CertifiedKey.Usable own
                && CertificateFile.read(files.trust()) instanceof Certificates trusted) {
            try {
                return Optional.of(new TlsClient(own.keyManagers(), trust(trusted.certificates())));
            } catch (GeneralSecurityException | IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static X509ExtendedTrustManager trust(List<X509Certificate> trusted)
            throws GeneralSecurityException, IOException {
        var store = empty();
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("trusted" + i, trusted.get(i));
        }
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("No X.509 trust manager."));
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    Judge judge(MemberName expected, Instant now) {
        return new Judge(trust, expected, now);
    }

    SSLContext context(Judge judge) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(keys, new TrustManager[] {judge}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS 1.3.", e);
        }
    }
}
