// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.shareferry.member.MemberName;
import org.shareferry.site.trust.TrustDecision.Reason;
import org.shareferry.site.trust.TrustDecision.Refused;

/// A certificate authority, and the members that it may issue certificates for.
///
/// @param certificate its own certificate: a root, or an intermediate that is trusted instead of its root
/// @param members whose certificates it may issue; may be empty
public record Authority(X509Certificate certificate, Set<MemberName> members) {
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final int LARGEST_RSA_BITS = 8_192;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;

    /// @throws IllegalArgumentException when the certificate is not an authority, or is an intermediate with name
    ///     constraints, which can be checked only from its root
    public Authority {
        members = Set.copyOf(members);
        if (certificate.getBasicConstraints() < 0 || !allows(certificate, KEY_CERT_SIGN)) {
            throw new IllegalArgumentException(
                    Subject.text(certificate) + " is not the certificate of an authority (CA:TRUE, keyCertSign).");
        }
        if (!isSelfSigned(certificate) && certificate.getExtensionValue(NAME_CONSTRAINTS) != null) {
            throw new IllegalArgumentException(Subject.text(certificate)
                    + " is an intermediate authority with name constraints; name its root instead.");
        }
    }

    /// @return its members, for people
    public String memberNames() {
        return new TreeSet<>(members).stream().map(MemberName::toString).collect(Collectors.joining(", "));
    }

    boolean speaksFor(String name) {
        return members.stream().map(MemberName::toString).anyMatch(name::equals);
    }

    /// @param shown the certificate to check, followed by others in any order
    /// @return why it is refused; empty if this authority issued it through a valid path
    Optional<Refused> refusal(List<X509Certificate> shown, KeyPurpose use, Instant moment) {
        var leaf = shown.getFirst();
        var path = new ArrayList<X509Certificate>();
        if (leaf.equals(certificate) || !leadsHere(leaf, shown, new HashSet<>(), path)) {
            return Optional.of(new Refused(
                    Reason.NOT_TRUSTED, Subject.text(leaf) + " was not issued by " + Subject.text(certificate) + "."));
        }
        return weak(path)
                .or(() -> wrongDates(path, moment))
                .or(() -> isFor(leaf, use) && holds(path, moment)
                        ? Optional.empty()
                        : Optional.of(new Refused(
                                Reason.NOT_TRUSTED,
                                "The path from " + Subject.text(leaf) + " to " + Subject.text(certificate)
                                        + " does not allow this use.")));
    }

    /// Visits every certificate at most once.
    private boolean leadsHere(
            X509Certificate from, List<X509Certificate> shown, Set<X509Certificate> seen, List<X509Certificate> path) {
        if (!seen.add(from)) {
            return false;
        }
        path.add(from);
        if (hasSigned(certificate, from)) {
            return true;
        }
        for (var next : shown) {
            if (hasSigned(next, from) && leadsHere(next, shown, seen, path)) {
                return true;
            }
        }
        path.removeLast();
        return false;
    }

    private static boolean hasSigned(X509Certificate issuer, X509Certificate issued) {
        if (!issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal())
                || !isCheap(issuer.getPublicKey())) {
            return false;
        }
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Certificates of strangers are checked before anything is proven, so verifying a signature with a stranger's
    /// key must be cheap. With a large DSA key it can take minutes.
    private static boolean isCheap(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() <= LARGEST_RSA_BITS;
            case ECPublicKey ec -> true;
            case EdECPublicKey ed -> true;
            default -> false;
        };
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        return hasSigned(certificate, certificate);
    }

    private Optional<Refused> weak(List<X509Certificate> path) {
        var all = new ArrayList<>(path);
        all.add(certificate);
        for (var one : all) {
            var weak = Strength.weakKey(one).map(key -> "The key of " + Subject.text(one) + " is " + key + ".");
            if (weak.isEmpty() && !one.equals(certificate)) {
                weak = Strength.weakSignature(one)
                        .map(hash -> "The certificate of " + Subject.text(one) + " was signed with " + hash + ".");
            }
            if (weak.isPresent()) {
                return weak.map(why -> new Refused(Reason.WEAK, why));
            }
        }
        return Optional.empty();
    }

    private Optional<Refused> wrongDates(List<X509Certificate> path, Instant moment) {
        var leaf = Validity.refusal(path.getFirst(), moment, Reason.NOT_YET_VALID, Reason.EXPIRED);
        if (leaf.isPresent()) {
            return leaf;
        }
        var authorities = new ArrayList<>(path.subList(1, path.size()));
        authorities.add(certificate);
        return authorities.stream()
                .flatMap(one ->
                        Validity.refusal(one, moment, Reason.AUTHORITY_NOT_YET_VALID, Reason.AUTHORITY_EXPIRED)
                                .stream())
                .findFirst();
    }

    private static boolean isFor(X509Certificate leaf, KeyPurpose use) {
        try {
            var purposes = leaf.getExtendedKeyUsage();
            return allows(leaf, DIGITAL_SIGNATURE)
                    && (purposes == null || purposes.contains(use.purpose()) || purposes.contains(ANY_PURPOSE));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean allows(X509Certificate certificate, int usage) {
        var usages = certificate.getKeyUsage();
        return usages == null || usages[usage];
    }

    /// Validates the path (RFC 5280 §6). A root is validated as a part of the path, so that its own constraints
    /// apply too; Java ignores them in a trust anchor.
    private boolean holds(List<X509Certificate> path, Instant moment) {
        try {
            var links = new ArrayList<>(path);
            if (isSelfSigned(certificate)) {
                links.add(certificate);
            } else if (path.size() - 1 > certificate.getBasicConstraints()) {
                return false;
            }
            var anchor = new TrustAnchor(certificate.getSubjectX500Principal(), certificate.getPublicKey(), null);
            var parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(moment));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(links), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
