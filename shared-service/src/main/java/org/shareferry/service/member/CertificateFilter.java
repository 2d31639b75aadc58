// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/// Checks the caller's certificate at each request and during it, on reused and resumed connections too.
final class CertificateFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFilter.class);
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final Callers callers;
    private final ProblemWriter problems;

    CertificateFilter(Callers callers, ProblemWriter problems) {
        this.callers = callers;
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
        var shown = List.of(certificates);
        switch (callers.find(shown)) {
            case Callers.Found.Unknown(Problem problem) -> refuse(response, problem);
            case Callers.Found.Known(Caller caller) ->
                answer(caller, new Standing(callers, shown, caller), request, response, chain);
        }
    }

    private void answer(
            Caller caller,
            Standing standing,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        authenticate(caller, standing);
        var checked = new CheckedExchange(standing);
        try (var ignored = MDC.putCloseable("member", caller.name())) {
            chain.doFilter(checked.request(request), checked.response(response));
        } catch (IOException | ServletException | RuntimeException e) {
            if (standing.ended().isEmpty()) {
                throw e;
            }
        } finally {
            SecurityContextHolder.clearContext();
        }
        if (standing.ended().isPresent()) {
            refuse(response, standing.ended().get());
            if (response.isCommitted()) {
                // An answer that has begun is cut off, so that the caller notices that it is
                // incomplete.
                throw new Standing.EndedException();
            }
        }
    }

    private static void authenticate(Caller caller, Standing standing) {
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                new PreAuthenticatedAuthenticationToken(caller, standing, List.copyOf(caller.authorities())));
        SecurityContextHolder.setContext(context);
    }

    private void refuse(HttpServletResponse response, Problem problem) throws IOException {
        LOG.warn("Request refused: {}", problem.type().title());
        problems.write(response, problem);
        response.setHeader(HttpHeaders.CONNECTION, "close");
    }
}
