// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.shareferry.member.MemberName;
import org.shareferry.site.MemberSite;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.trust.NeighbourTrustManager;
import org.shareferry.site.trust.Trust;
import org.shareferry.site.trust.TrustFileException;

/// The TLS configuration of a member, from the same files as its service.
///
/// @param own its certificate and key
/// @param trust its trust
public record TlsClient(CertifiedKey.Usable own, Trust trust) {
    /// @return empty if the files are unusable, which another check reports
    public static Optional<TlsClient> of(MemberSite site) {
        try {
            return CertifiedKey.read(site.tls().certificate(), site.tls().key()) instanceof CertifiedKey.Usable own
                    ? Optional.of(new TlsClient(own, site.trust()))
                    : Optional.empty();
        } catch (TrustFileException e) {
            return Optional.empty();
        }
    }

    /// @param verdict records the decision on the presented certificate
    public SSLContext context(MemberName expected, Clock clock, TrustDecisionRecorder verdict) {
        return context(own, new NeighbourTrustManager(() -> trust, expected, clock, verdict));
    }

    static SSLContext context(CertifiedKey.Usable own, TrustManager trust) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(own.keyManagers(), new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS 1.3.", e);
        }
    }
}
