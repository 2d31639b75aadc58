// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.SigningContext;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;

/// The public data of a member, signed by it.
///
/// @param member its line of the roster, with one identity key
/// @param certificates that its service shows, the present one first; a second one while it changes
/// @param openingKeys a client's announced keys, if the invite contains them
/// @param created when the member created it, in whole seconds; distinguishes an old invite from a new one
/// @param signature with the identity key, over everything else
record Invite(
        Member member,
        List<X509Certificate> certificates,
        Optional<SignedKeyAnnouncement> openingKeys,
        Instant created,
        Bytes signature) {
    /// A member has one certificate, and two while it changes them.
    static final int MOST_CERTIFICATES = 2;

    Invite {
        certificates = List.copyOf(certificates);
        created = created.truncatedTo(ChronoUnit.SECONDS);
        if (certificates.isEmpty() || certificates.size() > MOST_CERTIFICATES) {
            throw new IllegalArgumentException("An invite has one or two certificates.");
        }
        if (member.identityKeys().size() != 1) {
            throw new IllegalArgumentException("An invite has one identity key.");
        }
    }

    /// @param identity the member's own key
    static Invite sign(
            Member member,
            List<X509Certificate> certificates,
            Optional<SignedKeyAnnouncement> openingKeys,
            Instant created,
            IdentityKey identity) {
        var unsigned = new Invite(member, certificates, openingKeys, created, Bytes.empty());
        var signature = identity.sign(SigningContext.INVITE, unsigned.signedParts());
        return new Invite(member, certificates, openingKeys, created, signature);
    }

    MemberName name() {
        return member.name();
    }

    IdentityPublicKey identityKey() {
        return member.identityKeys().getFirst();
    }

    /// @return whether the member itself signed it
    boolean isSigned() {
        return identityKey().verifies(SigningContext.INVITE, signedParts(), signature);
    }

    /// @return everything but the signature
    List<Bytes> signedParts() {
        var parts = new ArrayList<>(content());
        parts.add(Bytes.ofWord(created.getEpochSecond()));
        return parts;
    }

    /// @return what it says of the member, the same in each invite until that changes; lists begin
    ///     with how many they are
    List<Bytes> content() {
        var parts = new ArrayList<Bytes>();
        parts.add(member.name().toBytes());
        parts.add(Bytes.ascii(member.address().map(URI::toString).orElse("")));
        parts.add(identityKey().raw());
        parts.add(Bytes.ofWord(certificates.size()));
        certificates.forEach(certificate -> parts.add(der(certificate)));
        parts.add(Bytes.ofWord(openingKeys.isPresent() ? 1 : 0));
        openingKeys.ifPresent(keys -> {
            parts.add(keys.announcement());
            parts.add(keys.signature());
        });
        return parts;
    }

    static Bytes der(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("A parsed certificate cannot be encoded.", e);
        }
    }
}
