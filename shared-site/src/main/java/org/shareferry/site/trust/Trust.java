// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.json.PlainText;
import org.shareferry.member.MemberName;
import org.shareferry.site.trust.TrustDecision.Accepted;
import org.shareferry.site.trust.TrustDecision.Reason;
import org.shareferry.site.trust.TrustDecision.Refused;

/// The certificates that one member accepts. A certificate is accepted in one of two ways:
///
/// * It is, byte for byte, a **pin**, and valid by its own dates. A pin is accepted for its common name only. It
///   cannot issue certificates, even with CA:TRUE.
/// * An **authority** for the certificate's name issued it, possibly through presented intermediates, and the whole
///   path is valid, including its dates (RFC 5280 §6).
///
/// In both cases, keys and signatures must be [strong enough][Strength].
///
/// Certificates of users and monitors, who act for this member, can be issued only by the authority that is named
/// for the member itself.
public final class Trust {
    private final Set<X509Certificate> pins;
    private final List<Authority> authorities;
    private final MemberName own;
    private final Set<String> local;

    /// @param pins each for its own common name; several may have the same name
    /// @param authorities each for its members
    /// @param own this member
    /// @param local the names of this member's users and monitors
    public Trust(
            Collection<X509Certificate> pins,
            Collection<Authority> authorities,
            MemberName own,
            Collection<String> local) {
        this.pins = new LinkedHashSet<>(pins);
        this.authorities = List.copyOf(authorities);
        this.own = own;
        this.local = Set.copyOf(local);
    }

    /// @return the pins, in the order of their file
    public List<X509Certificate> pins() {
        return List.copyOf(pins);
    }

    /// @return the pins for this name, regardless of their dates
    public List<X509Certificate> pins(String name) {
        return pins.stream()
                .filter(pin -> Subject.commonName(pin).filter(name::equals).isPresent())
                .toList();
    }

    /// @return whether exactly this certificate is pinned, regardless of its dates
    public boolean isPinned(X509Certificate certificate) {
        return pins.contains(certificate);
    }

    /// @return all authorities, including those without members
    public List<Authority> authorities() {
        return authorities;
    }

    /// @return the authorities that may issue certificates of this name
    public List<Authority> authorities(String name) {
        var issued = local.contains(name) ? own.toString() : name;
        return authorities.stream()
                .filter(authority -> authority.speaksFor(issued))
                .toList();
    }

    /// Checks presented certificates.
    ///
    /// @param shown the certificate itself, followed by those of authorities in any order; not empty
    /// @param use the role of its holder
    /// @param moment the current time
    public TrustDecision judge(List<X509Certificate> shown, KeyPurpose use, Instant moment) {
        var leaf = shown.getFirst();
        var name = Subject.commonName(leaf);
        if (name.isEmpty()) {
            return new Refused(Reason.NAMELESS, Subject.text(leaf) + " does not have exactly one common name (CN).");
        }
        if (isPinned(leaf)) {
            return decision(
                    name.get(),
                    weak(leaf).or(() -> Validity.refusal(leaf, moment, Reason.NOT_YET_VALID, Reason.EXPIRED)));
        }
        var refused = untrusted(leaf, PlainText.of(name.get()));
        for (var authority : authorities(name.get())) {
            var why = authority.refusal(shown, use, moment);
            if (why.isEmpty()) {
                return new Accepted(name.get());
            }
            // The refusal of an authority that did issue it is more specific.
            refused = refused.reason() == Reason.NOT_TRUSTED && why.get().reason() != Reason.NOT_TRUSTED
                    ? why.get()
                    : refused;
        }
        return refused;
    }

    /// @param printable its common name, without control characters
    private static Refused untrusted(X509Certificate leaf, String printable) {
        return new Refused(
                Reason.NOT_TRUSTED,
                "This is not a pinned certificate of " + printable + ", and it was not issued by an authority for "
                        + printable + " (serial number "
                        + leaf.getSerialNumber().toString(16) + ", from "
                        + leaf.getNotBefore().toInstant() + ").");
    }

    /// Checks that the certificates are those of a certain member.
    ///
    /// @param expected the member
    /// @return as above; [Reason#ANOTHER_NAME] for another member
    public TrustDecision judge(List<X509Certificate> shown, MemberName expected, KeyPurpose use, Instant moment) {
        var name = Subject.commonName(shown.getFirst());
        if (name.isPresent() && !name.get().equals(expected.toString())) {
            return new Refused(
                    Reason.ANOTHER_NAME,
                    "This is the certificate of " + Subject.text(shown.getFirst()) + ", not that of " + expected + ".");
        }
        return judge(shown, use, moment);
    }

    /// Only the key is checked: a pin's signature proves nothing, because its bytes are compared.
    private static Optional<Refused> weak(X509Certificate pin) {
        return Strength.weakKey(pin)
                .map(key -> new Refused(Reason.WEAK, "The key of " + Subject.text(pin) + " is " + key + "."));
    }

    private static TrustDecision decision(String name, Optional<Refused> refused) {
        return refused.<TrustDecision>map(why -> why).orElseGet(() -> new Accepted(name));
    }
}
