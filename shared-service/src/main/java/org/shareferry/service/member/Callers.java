// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.site.settings.ServiceProperties;
import org.shareferry.site.trust.KeyPurpose;
import org.shareferry.site.trust.Trust;
import org.shareferry.site.trust.TrustDecision.Accepted;
import org.shareferry.site.trust.TrustDecision.Refused;

/// Identifies callers by the certificates of the TLS handshake alone, with the current trust, roster and time.
final class Callers {
    private final Supplier<Trust> trust;
    private final ServiceProperties properties;
    private final RosterFile roster;
    private final Clock clock;

    Callers(Supplier<Trust> trust, ServiceProperties properties, RosterFile roster, Clock clock) {
        this.trust = trust;
        this.properties = properties;
        this.roster = roster;
        this.clock = clock;
    }

    /// The result of the identification.
    sealed interface Found {
        /// @param caller who it is
        record Known(Caller caller) implements Found {}

        /// @param problem why the caller is refused
        record Unknown(Problem problem) implements Found {}
    }

    Found find(List<X509Certificate> shown) {
        return switch (trust.get().judge(shown, KeyPurpose.CLIENT, clock.instant())) {
            case Accepted(String name) ->
                caller(name).<Found>map(Found.Known::new).orElseGet(Callers::nobody);
            case Refused refused -> new Found.Unknown(problem(refused));
        };
    }

    private static Found nobody() {
        return new Found.Unknown(Problem.of(
                ProblemType.MEMBER_UNKNOWN,
                "The client certificate's common name is neither a member in this service's roster nor in"
                        + " shareferry.users or shareferry.monitors."));
    }

    /// @return the problem for a caller whose rights changed after its request began
    static Problem changed() {
        return Problem.of(ProblemType.MEMBER_UNKNOWN, "The rights of this caller changed during the request.");
    }

    private static Problem problem(Refused refused) {
        return switch (refused.reason()) {
            case EXPIRED, NOT_YET_VALID, AUTHORITY_EXPIRED, AUTHORITY_NOT_YET_VALID ->
                Problem.of(
                        ProblemType.CERTIFICATE_EXPIRED,
                        "The client certificate, or the certificate of its authority, has"
                                + " expired or is not valid yet.");
            case WEAK ->
                Problem.of(
                        ProblemType.CERTIFICATE_NOT_TRUSTED,
                        "The client certificate, or the certificate of its authority, is too weak: RSA with fewer"
                                + " than 2048 bits, or signed with SHA-1.");
            case NAMELESS, ANOTHER_NAME, NOT_TRUSTED ->
                Problem.of(ProblemType.CERTIFICATE_NOT_TRUSTED, "This service does not trust the client certificate.");
        };
    }

    private Optional<Caller> caller(String commonName) {
        if (properties.users().contains(commonName)) {
            return Optional.of(new Caller(commonName, Optional.empty(), Set.of(CallerRole.LOCAL)));
        }
        if (properties.monitors().contains(commonName)) {
            return Optional.of(new Caller(commonName, Optional.empty(), Set.of(CallerRole.MONITOR)));
        }
        return memberName(commonName)
                .filter(name -> roster.find(name).isPresent())
                .map(name -> new Caller(commonName, Optional.of(name), authorities(name)));
    }

    private static Optional<MemberName> memberName(String commonName) {
        try {
            return Optional.of(MemberName.parse(commonName));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Set<CallerRole> authorities(MemberName name) {
        var authorities = EnumSet.of(authority(name.role()));
        if (name.equals(properties.member())) {
            authorities.add(CallerRole.LOCAL);
        }
        return authorities;
    }

    private static CallerRole authority(Role role) {
        return switch (role) {
            case PARTY -> CallerRole.PARTY;
            case RELAY -> CallerRole.RELAY;
            case CLIENT -> CallerRole.CLIENT;
        };
    }
}
