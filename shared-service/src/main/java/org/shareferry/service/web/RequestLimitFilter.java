// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.problem.ProblemWriter;
import org.springframework.web.filter.OncePerRequestFilter;

/// Limits the concurrent requests of one caller, including streams and long polls, because each occupies one of few
/// connections.
final class RequestLimitFilter extends OncePerRequestFilter {
    private static final Duration LATER = Duration.ofSeconds(2);

    private final Places places;
    private final ProblemWriter problems;

    RequestLimitFilter(Places places, ProblemWriter problems) {
        this.places = places;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var place = places.take(Optional.ofNullable(request.getRemoteUser()).orElse(""));
        if (place.isEmpty()) {
            problems.write(
                    response,
                    Problem.of(ProblemType.TOO_MUCH_AT_ONCE, "This caller has too many requests in progress.")
                            .retryAfter(LATER));
            AbandonedBodies.abandon(request);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AtEnd(place.get()));
            } else {
                place.get().close();
            }
        }
    }

    /// The container always calls [#onComplete] at the end of a request.
    private record AtEnd(Places.Place place) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            place.close();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
