// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.SealingKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.Strength;
import org.shareferry.site.trust.Subject;

/// Validates invites. An invite is trusted only for the member that signed it.
final class InviteChecks {
    /// How far another member's clock may be ahead.
    private static final Duration CLOCKS = Duration.ofMinutes(10);
    private static final int HTTPS = 443;

    private InviteChecks() {}

    /// @return what is wrong with this invite by itself, to follow its name; nothing when it can be taken
    static Optional<String> fault(Invite invite, Instant now) {
        if (!invite.isSigned()) {
            return Optional.of("its signature does not verify with its own identity key: it was changed in"
                    + " transit, or combined from other invites; ask for it again");
        }
        if (invite.name().role() == Role.RELAY && invite.member().address().isEmpty()) {
            return Optional.of("it has no address, but every other member connects to the relay; create its"
                    + " keys again with shareferry keygen --address");
        }
        if (invite.created().isAfter(now.plus(CLOCKS))) {
            return Optional.of("it was made at " + invite.created() + ", later than the clock of this machine; check"
                    + " both clocks");
        }
        for (var certificate : invite.certificates()) {
            var fault = fault(invite.name(), certificate, now);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return keysFault(invite, now);
    }

    private static Optional<String> fault(MemberName name, X509Certificate certificate, Instant now) {
        var found = Subject.commonName(certificate);
        if (found.filter(name.toString()::equals).isEmpty()) {
            return Optional.of("it has a certificate of " + Subject.text(certificate)
                    + "; a member's invite has certificates of that member only");
        }
        if (certificate.getBasicConstraints() >= 0) {
            return Optional.of("its certificate is an authority's (CA:TRUE), which is not pinned; ask for one made with"
                    + " shareferry certificates");
        }
        var weak = Strength.weakKey(certificate);
        if (weak.isPresent()) {
            return Optional.of("the key of its certificate is " + weak.get() + "; services refuse it");
        }
        if (certificate.getNotAfter().toInstant().isBefore(now)) {
            return Optional.of("its certificate expired at "
                    + certificate.getNotAfter().toInstant() + "; ask for an invite with a new one");
        }
        return certificate.getNotBefore().toInstant().isAfter(now)
                ? Optional.of("its certificate begins at "
                        + certificate.getNotBefore().toInstant() + ", later than the clock of this machine")
                : Optional.empty();
    }

    private static Optional<String> keysFault(Invite invite, Instant now) {
        if (invite.openingKeys().isEmpty()) {
            return Optional.empty();
        }
        if (invite.name().role() != Role.CLIENT) {
            return Optional.of("it has opening keys, which only clients have");
        }
        var announced = announced(invite);
        if (announced.isEmpty()) {
            return Optional.of("its opening keys are not announced and signed by " + invite.name());
        }
        return announced.get().keys().stream().noneMatch(key -> now.isBefore(key.notAfter()))
                ? Optional.of("all its opening keys have expired; ask for an invite with new keys, or without keys")
                : Optional.empty();
    }

    /// @return the opening keys, if the client of the invite signed them as its own
    static Optional<KeyAnnouncement> announced(Invite invite) {
        try {
            return invite.openingKeys().isEmpty()
                    ? Optional.empty()
                    : invite.openingKeys().get().verify(invite.name(), Roster.of(List.of(invite.member())));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /// @param all of different members
    /// @return what two of them have in common that each must have for itself, a sentence without its full stop
    static Optional<String> fault(List<Invite> all) {
        var owners = new HashMap<Object, MemberName>();
        for (var invite : all) {
            for (var own : own(invite).entrySet()) {
                var other = owners.putIfAbsent(own.getKey(), invite.name());
                if (other != null && !other.equals(invite.name())) {
                    return Optional.of(other + " and " + invite.name() + " have the same " + own.getValue()
                            + "; one of them used data of the other in its invite");
                }
            }
        }
        return Optional.empty();
    }

    /// One place may be spelled in several ways.
    private static String place(URI address) {
        var host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        return host + ":" + (address.getPort() < 0 ? HTTPS : address.getPort());
    }

    /// What no other member may have.
    private static Map<Object, String> own(Invite invite) {
        var own = new HashMap<Object, String>();
        own.put(invite.identityKey(), "identity key");
        invite.member().address().ifPresent(address -> own.put(place(address), "address"));
        invite.certificates().forEach(certificate -> own.put(certificate.getPublicKey(), "key in its certificate"));
        announced(invite).stream()
                .flatMap(announcement -> announcement.keys().stream())
                .map(AnnouncedKey::key)
                .map(SealingKey::raw)
                .forEach(key -> own.put(key, "opening key"));
        return own;
    }
}
