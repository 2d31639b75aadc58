// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.shareferry.member.MemberName;

/// Judges a neighbour's certificate as our services do, and remembers what came of it.
final class Judge extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager platform;
    private final MemberName expected;
    private final Instant now;
    private final AtomicReference<Verdict> verdict = new AtomicReference<>(Verdict.NOT_SEEN);

    /// What came of it.
    ///
    /// @param isSeen whether a certificate was shown at all
    /// @param fault why it was refused, if it was
    /// @param why a sentence
    record Verdict(boolean isSeen, Optional<Fault> fault, String why) {
        static final Verdict NOT_SEEN = new Verdict(false, Optional.empty(), "");

        boolean isAccepted() {
            return isSeen && fault.isEmpty();
        }
    }

    Judge(X509ExtendedTrustManager platform, MemberName expected, Instant now) {
        this.platform = platform;
        this.expected = expected;
        this.now = now;
    }

    Verdict verdict() {
        return verdict.get();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        dates(chain[0]);
        name(chain[0]);
        try {
            platform.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            authorities(chain);
            throw refuse(
                    Fault.NEIGHBOUR_CERTIFICATE_NOT_TRUSTED,
                    "It shows a certificate of " + expected + " that trust.pem does not vouch for (serial number "
                            + chain[0].getSerialNumber().toString(16) + ", from "
                            + chain[0].getNotBefore().toInstant() + ").");
        }
        try {
            platform.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            var hosts = CertificateNames.hosts(chain[0]);
            throw refuse(
                    Fault.NEIGHBOUR_HAS_ANOTHER_HOST,
                    "Its certificate is for " + (hosts.isEmpty() ? "no host" : String.join(", ", hosts))
                            + ", not for the host that the roster names.");
        }
        verdict.set(new Verdict(true, Optional.empty(), ""));
    }

    private void dates(X509Certificate leaf) throws CertificateException {
        var begin = leaf.getNotBefore().toInstant();
        var end = leaf.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            throw refuse(Fault.NEIGHBOUR_CERTIFICATE_EXPIRED, "Its certificate has ended at " + end + ".");
        }
        if (now.isBefore(begin)) {
            throw refuse(
                    Fault.NEIGHBOUR_CERTIFICATE_NOT_YET_VALID, "Its certificate is not valid before " + begin + ".");
        }
    }

    /// Whether it is the dates of one that is shown behind the neighbour's own.
    private void authorities(X509Certificate[] chain) throws CertificateException {
        for (var authority : Arrays.asList(chain).subList(1, chain.length)) {
            if (now.isAfter(authority.getNotAfter().toInstant())) {
                throw refuse(
                        Fault.NEIGHBOUR_AUTHORITY_EXPIRED,
                        "Behind its own certificate it shows that of the authority "
                                + CertificateNames.subject(authority) + ", which has ended at "
                                + authority.getNotAfter().toInstant() + ".");
            }
        }
    }

    private void name(X509Certificate leaf) throws CertificateException {
        var names = CertificateNames.common(leaf);
        if (!names.equals(List.of(expected.toString()))) {
            throw refuse(
                    Fault.NEIGHBOUR_HAS_ANOTHER_NAME,
                    "There answers " + (names.isEmpty() ? "nobody with a name" : String.join(" and ", names)) + ", not "
                            + expected + ".");
        }
    }

    private CertificateException refuse(Fault fault, String why) {
        verdict.set(new Verdict(true, Optional.of(fault), why));
        return new CertificateException(why);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("judged together with the host name only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("judged through an engine only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("the doctor serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }
}
