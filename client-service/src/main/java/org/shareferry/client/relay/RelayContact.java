// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.relay;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.service.member.Caller;
import org.shareferry.service.member.CallerRole;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// When the relay last asked this process for something, or did what this process asked of it.
@Component
public class RelayContact implements HandlerInterceptor, WebMvcConfigurer {
    private final Clock clock;
    private volatile @Nullable Instant last;

    RelayContact(Clock clock) {
        this.clock = clock;
    }

    /// Notes a contact now.
    public void note() {
        last = clock.instant();
    }

    /// @return the last contact; empty if there was none since the start of this process
    Optional<Instant> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null
                && authentication.getPrincipal() instanceof Caller caller
                && caller.authorities().contains(CallerRole.RELAY)) {
            note();
        }
        return true;
    }
}
