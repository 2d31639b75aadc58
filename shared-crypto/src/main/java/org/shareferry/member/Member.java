// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.KeyId;

/// One line of the roster.
///
/// @param name the member's name, also the common name in its certificate
/// @param address `https://host:port` of its service; empty for members that only open connections
/// @param identityKeys its long-lived keys, at least one, the current one first; more than one during a change of
///     keys
public record Member(MemberName name, Optional<URI> address, List<IdentityPublicKey> identityKeys) {
    public Member {
        identityKeys = List.copyOf(identityKeys);
        if (identityKeys.isEmpty()) {
            throw new IllegalArgumentException(name + " must have an identity key.");
        }
        address.ifPresent(uri -> ServiceAddress.parse(uri.toString()));
    }

    /// @return the key with this id, if the roster pins it for this member
    public Optional<IdentityPublicKey> identityKey(KeyId id) {
        return identityKeys.stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
