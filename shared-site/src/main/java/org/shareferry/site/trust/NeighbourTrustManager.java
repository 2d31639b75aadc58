// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.shareferry.member.MemberName;
import org.shareferry.site.trust.TrustDecision.Refused;

/// Checks the server's certificate on outgoing connections: it must be accepted as the expected member's, and be for
/// the host.
public final class NeighbourTrustManager extends ServerTrustManager {
    private final Supplier<Trust> trust;
    private final MemberName expected;
    private final Clock clock;
    private final Consumer<TrustDecision> told;

    /// @param trust read at each handshake
    /// @param expected the member that must present its certificate
    public NeighbourTrustManager(Supplier<Trust> trust, MemberName expected, Clock clock) {
        this(trust, expected, clock, decision -> {});
    }

    /// @param trust read at each handshake
    /// @param expected the member that must present its certificate
    /// @param told receives the decision on the certificate; a wrong host is reported only by the exception
    public NeighbourTrustManager(
            Supplier<Trust> trust, MemberName expected, Clock clock, Consumer<TrustDecision> told) {
        this.trust = trust;
        this.expected = expected;
        this.clock = clock;
        this.told = told;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
        hostsOf(chain[0]).checkServerTrusted(new X509Certificate[] {chain[0]}, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
        hostsOf(chain[0]).checkServerTrusted(new X509Certificate[] {chain[0]}, authType, socket);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        var decision = trust.get().judge(List.of(chain), expected, KeyPurpose.SERVER, clock.instant());
        told.accept(decision);
        if (decision instanceof Refused refused) {
            throw new CertificateException(refused.why());
        }
    }

    /// @return the platform's trust manager, which trusts this certificate and checks only its host names
    private static X509ExtendedTrustManager hostsOf(X509Certificate leaf) throws CertificateException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("leaf", leaf);
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new CertificateException("This Java platform has no X.509 trust manager."));
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException("This Java platform cannot verify host names.", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("A server's certificate can be checked only together with its host name.");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
