// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.problem.ProblemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/// Tells who calls, from the certificate that the handshake verified and from nothing else.
final class CertificateFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFilter.class);
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final ServiceProperties properties;
    private final RosterFile roster;
    private final Clock clock;
    private final ProblemWriter problems;

    CertificateFilter(ServiceProperties properties, RosterFile roster, Clock clock, ProblemWriter problems) {
        this.properties = properties;
        this.roster = roster;
        this.clock = clock;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!(request.getAttribute(CERTIFICATES) instanceof X509Certificate[] certificates)
                || certificates.length == 0) {
            chain.doFilter(request, response);
            return;
        }
        var leaf = certificates[0];
        if (!MemberCertificate.isValidAt(leaf, clock.instant())) {
            refuse(response, ProblemType.CERTIFICATE_EXPIRED, "The client certificate is not valid at this time.");
            return;
        }
        var caller = MemberCertificate.commonName(leaf).flatMap(this::caller);
        if (caller.isEmpty()) {
            refuse(
                    response,
                    ProblemType.MEMBER_UNKNOWN,
                    "The client certificate's common name is neither a member of this service's roster nor one of its"
                            + " users.");
            return;
        }
        authenticate(caller.get(), leaf);
        try (var ignored = MDC.putCloseable("member", caller.get().name())) {
            chain.doFilter(request, response);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    private static void authenticate(Caller caller, X509Certificate leaf) {
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                new PreAuthenticatedAuthenticationToken(caller, leaf, List.copyOf(caller.authorities())));
        SecurityContextHolder.setContext(context);
    }

    private Optional<Caller> caller(String commonName) {
        if (properties.users().contains(commonName)) {
            return Optional.of(new Caller(commonName, Optional.empty(), Set.of(Authority.LOCAL)));
        }
        if (properties.monitors().contains(commonName)) {
            return Optional.of(new Caller(commonName, Optional.empty(), Set.of(Authority.MONITOR)));
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

    private Set<Authority> authorities(MemberName name) {
        var authorities = EnumSet.of(authority(name.role()));
        if (name.equals(properties.memberName())) {
            authorities.add(Authority.LOCAL);
        }
        return authorities;
    }

    private static Authority authority(Role role) {
        return switch (role) {
            case PARTY -> Authority.PARTY;
            case RELAY -> Authority.RELAY;
            case CLIENT -> Authority.CLIENT;
        };
    }

    private void refuse(HttpServletResponse response, ProblemType type, String detail) throws IOException {
        LOG.warn("A request was refused: {}", type.title());
        problems.write(response, Problem.of(type, detail));
    }
}
