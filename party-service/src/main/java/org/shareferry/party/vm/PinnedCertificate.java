// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.service.member.MemberCertificate;
import org.shareferry.site.trust.ServerTrustManager;

/// Trusts exactly one certificate, that of the party's VM, if it is valid now and names the party. Java checks
/// neither if a certificate is its own trust anchor.
final class PinnedCertificate extends ServerTrustManager {
    private final X509Certificate pinned;
    private final String name;
    private final Clock clock;

    /// @param pinned the certificate in `P<party>.pem`
    /// @param name `P<party>`
    PinnedCertificate(X509Certificate pinned, String name, Clock clock) {
        this.pinned = pinned;
        this.name = name;
        this.clock = clock;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || !chain[0].equals(pinned)) {
            throw new CertificateException("the VM's certificate differs from " + name + ".pem here; copy the VM's "
                    + name + ".pem into this folder");
        }
        if (!MemberCertificate.isValidAt(pinned, clock.instant())) {
            throw new CertificateException(name + ".pem has expired or is not valid yet; " + VmIdentity.renewal(name));
        }
        if (!VmCertificateCheck.isAcceptedFor(pinned, name)) {
            throw new CertificateException(name + ".pem names another party");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[] {pinned};
    }
}
