// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import org.shareferry.crypto.IdentityKey;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.MemberName;
import org.shareferry.site.settings.ServiceProperties;

/// The member that this service acts for.
///
/// @param name as in the roster
/// @param identity its private identity key, open while the service runs
public record OwnMember(MemberName name, IdentityKey identity) implements AutoCloseable {

    /// @throws StartupException when name, key and roster do not match
    public static OwnMember of(ServiceProperties properties, RosterFile roster) {
        var name = properties.member();
        var line = roster.find(name)
                .orElseThrow(() -> new StartupException("The roster " + properties.roster() + " has no member " + name
                        + ": add it with `shareferry roster add`."));
        var identity = read(properties);
        if (line.identityKey(identity.publicKey().id()).isEmpty()) {
            identity.close();
            throw new StartupException("The roster pins a different identity key for " + name + " than the one in "
                    + properties.identityKey() + ": use the right file, or change the roster at every member.");
        }
        return new OwnMember(name, identity);
    }

    private static IdentityKey read(ServiceProperties properties) {
        try {
            return KeyFiles.readIdentityKey(properties.identityKey());
        } catch (KeyFileException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        identity.close();
    }
}
