// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.shareferry.site.trust.KeyPurpose;
import org.shareferry.site.trust.Trust;
import org.shareferry.site.trust.TrustDecision.Refused;

/// Accepts callers with an accepted certificate, and those with a pinned certificate that has expired or is not
/// valid yet. Each request is checked again and then gets an answer with the reason, which a handshake cannot give.
final class CallerTrustManager extends X509ExtendedTrustManager {
    private final Supplier<Trust> trust;
    private final Clock clock;

    CallerTrustManager(Supplier<Trust> trust, Clock clock) {
        this.trust = trust;
        this.clock = clock;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        var now = trust.get();
        if (!now.isPinned(chain[0])
                && now.judge(List.of(chain), KeyPurpose.CLIENT, clock.instant()) instanceof Refused why) {
            throw new CertificateException(why.why());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("This trust manager is for incoming connections.");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    /// Empty: callers can choose their certificate without a list, and strangers learn no names.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
