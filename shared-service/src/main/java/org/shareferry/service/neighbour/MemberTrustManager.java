// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.MemberCertificate;

/// Trusts what the platform's trust manager trusts (chain and host name), and asks two more things of the
/// server's own certificate: that its dates hold, which Java does not look at when the certificate is itself
/// the trust anchor, and that its common name is the member we mean to talk to, so that one member cannot
/// answer in another's place.
final class MemberTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager platform;
    private final MemberName expected;
    private final Clock clock;

    MemberTrustManager(X509ExtendedTrustManager platform, MemberName expected, Clock clock) {
        this.platform = platform;
        this.expected = expected;
        this.clock = clock;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        var leaf = chain[0];
        if (!MemberCertificate.isValidAt(leaf, clock.instant())) {
            throw new CertificateExpiredException("the certificate of " + expected + " is not valid at this time");
        }
        var name = MemberCertificate.commonName(leaf);
        if (name.isEmpty() || !name.get().equals(expected.toString())) {
            throw new CertificateException("the certificate is not that of " + expected);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        platform.checkServerTrusted(chain, authType, engine);
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        platform.checkServerTrusted(chain, authType, socket);
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        // Without engine or socket there is no host name to verify.
        throw new CertificateException("a server's certificate is judged together with its host name only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw clientsOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw clientsOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw clientsOnly();
    }

    private static CertificateException clientsOnly() {
        return new CertificateException("this trust manager is for outgoing connections");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }
}
