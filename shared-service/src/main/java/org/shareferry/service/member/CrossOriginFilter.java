// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.problem.ProblemWriter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses requests that a page of another site makes a browser send. A browser presents its client certificate
/// automatically, so such a request looks like one of the user. Browsers name the page's origin in `Sec-Fetch-Site`
/// (W3C Fetch Metadata) or in `Origin` (RFC 6454); other callers send neither header. Browsers do not let that page
/// read the answer, but its length and timing leak information, and an event stream would stay open. Links that a
/// user follows are allowed.
final class CrossOriginFilter extends OncePerRequestFilter {
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final ProblemWriter problems;

    CrossOriginFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isOwn(request) || isFollowedLink(request)) {
            chain.doFilter(request, response);
            return;
        }
        problems.write(
                response, Problem.of(ProblemType.NOT_ALLOWED, "Requests from pages of other sites are not allowed."));
    }

    private static boolean isOwn(HttpServletRequest request) {
        var site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return OWN.contains(site);
        }
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin == null || origin.equals("https://" + request.getHeader(HttpHeaders.HOST));
    }

    /// @return whether the answer replaces the current page instead of becoming part of one
    private static boolean isFollowedLink(HttpServletRequest request) {
        return "GET".equals(request.getMethod())
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && "document".equals(request.getHeader("Sec-Fetch-Dest"));
    }
}
