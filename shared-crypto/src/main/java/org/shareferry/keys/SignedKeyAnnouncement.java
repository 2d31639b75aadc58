// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.SigningContext;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

/// A signed key announcement. A relay can withhold it but cannot forge one.
///
/// @param announcement the encoding of a [KeyAnnouncement], verbatim
/// @param signature of the client, 64 bytes
public record SignedKeyAnnouncement(Bytes announcement, Bytes signature) {
    public SignedKeyAnnouncement {
        Objects.requireNonNull(announcement);
        Objects.requireNonNull(signature);
    }

    /// @param identity the client's own key, whose id the announcement names
    public static SignedKeyAnnouncement sign(KeyAnnouncement announcement, IdentityKey identity) {
        if (!announcement.signer().equals(identity.publicKey().id())) {
            throw new IllegalArgumentException("The announcement names a different signer.");
        }
        var bytes = announcement.encode();
        return new SignedKeyAnnouncement(bytes, identity.sign(SigningContext.KEY_ANNOUNCEMENT, List.of(bytes)));
    }

    /// @param client whose keys they must be
    /// @return the announcement, if it is this client's and signed with a key that the roster pins for it
    /// @throws MalformedException when the announcement is malformed
    public Optional<KeyAnnouncement> verify(MemberName client, Roster roster) throws MalformedException {
        var decoded = KeyAnnouncement.decode(announcement);
        if (!decoded.client().equals(client)) {
            return Optional.empty();
        }
        return roster.find(client)
                .flatMap(member -> member.identityKey(decoded.signer()))
                .filter(key -> key.verifies(SigningContext.KEY_ANNOUNCEMENT, List.of(announcement), signature))
                .map(key -> decoded);
    }
}
