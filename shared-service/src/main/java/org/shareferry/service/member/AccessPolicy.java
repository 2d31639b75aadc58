// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/// The access rules of one service: which request needs which role. Requests without a rule are denied.
@FunctionalInterface
public interface AccessPolicy {
    /// @param requests where to add rules with `requestMatchers(…).hasAuthority(…)`
    void addTo(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests);
}
