// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.util.Optional;
import java.util.Set;
import org.shareferry.member.MemberName;

/// The sender of a request, as identified by the certificate alone.
///
/// @param name the certificate's common name
/// @param member the member of that name, if the roster has one
/// @param authorities its roles at this service
public record Caller(String name, Optional<MemberName> member, Set<CallerRole> authorities) {
    public Caller {
        authorities = Set.copyOf(authorities);
    }

    /// @return whether the caller is this service's own member or one of its users
    public boolean isLocal() {
        return authorities.contains(CallerRole.LOCAL);
    }

    /// @return the calling member, for endpoints that only members may call
    /// @throws IllegalStateException when the access rules let another caller through
    public MemberName requireMember() {
        return member.orElseThrow(
                () -> new IllegalStateException("The access rules let a caller through who is not a member."));
    }

    @Override
    public String toString() {
        return name;
    }
}
