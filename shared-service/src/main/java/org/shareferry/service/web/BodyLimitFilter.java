// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.problem.ProblemWriter;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Limits request bodies: the size of one, with or without a Content-Length; the size of all that are in memory at
/// a time; and the time to receive one or to read its answer. A member that sends as much as it can, or as slowly,
/// uses up neither this service's memory nor the share of other members.
final class BodyLimitFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(BodyLimitFilter.class);
    private static final Duration LATER = Duration.ofSeconds(2);

    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final long limit;
    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private final Duration time;
    private final Duration patience;
    private final BytesInFlight bodies;
    private final Predicate<HttpServletRequest> unlimited;
    private final ProblemWriter problems;

    /// @param patience the longest wait of a body for memory
    /// @param nanoTime as [System#nanoTime]
    BodyLimitFilter(
            ServiceProperties properties,
            Duration patience,
            Predicate<HttpServletRequest> unlimited,
            ProblemWriter problems,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.bytesPerSecond = properties.minBodyRate().toBytes();
        this.patience = patience;
        this.limit = properties.bodyLimit().toBytes();
        this.time = properties.bodyTimeout();
        this.bodies = new BytesInFlight(properties.bodiesInFlight().toBytes(), limit);
        this.unlimited = unlimited;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean isStreamed = unlimited.test(request);
        var body =
                new LimitedRequest(request, isStreamed ? Long.MAX_VALUE : limit, isStreamed ? UNLIMITED : time, pace());
        var answer = new MinimumRateResponse(response, pace());
        try {
            if (isStreamed) {
                chain.doFilter(body, answer);
            } else {
                filter(body, answer, chain);
            }
        } finally {
            if (expected(request) > 0) {
                body.discardRest();
            }
        }
        answer.requireTaken();
    }

    private MinimumRate pace() {
        return new MinimumRate(bytesPerSecond, nanoTime);
    }

    private void filter(LimitedRequest request, MinimumRateResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > limit) {
            problems.write(response, LimitedRequest.tooLarge(limit));
            return;
        }
        if (expected(request) > 0 && request.getMethod().equals("GET")) {
            // It would never be read, and would occupy memory until the answer is written.
            problems.write(response, Problem.of(ProblemType.REQUEST_MALFORMED, "A GET request must not have a body."));
            return;
        }
        var lease = lease(request);
        if (lease.isEmpty()) {
            LOG.warn("Request refused: {}", ProblemType.TOO_MUCH_AT_ONCE.title());
            problems.write(response, tooMuch());
            return;
        }
        try (var ignored = lease.get()) {
            chain.doFilter(request, response);
        } finally {
            AnswerLeases.close(request);
        }
    }

    private Optional<Lease> lease(HttpServletRequest request) {
        var caller = Optional.ofNullable(request.getRemoteUser()).orElse("");
        try {
            return bodies.take(caller, expected(request), patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// A body without a length counts as one of the maximum size.
    private long expected(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length >= 0) {
            return length;
        }
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null ? 0 : limit;
    }

    private static Problem tooMuch() {
        return Problem.of(ProblemType.TOO_MUCH_AT_ONCE, "Too many other bodies are in memory.")
                .retryAfter(LATER);
    }
}
