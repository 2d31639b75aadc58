// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import org.springframework.security.core.GrantedAuthority;

/// The role of a caller at this service, derived from its certificate.
public enum CallerRole implements GrantedAuthority {
    /// Another party, by its certificate.
    PARTY,
    /// The relay.
    RELAY,
    /// A client.
    CLIENT,
    /// The service's own member: its own certificate, or one of its configured users.
    LOCAL,
    /// A program that may read this service's metrics and nothing else.
    MONITOR;

    @Override
    public String getAuthority() {
        return name();
    }
}
