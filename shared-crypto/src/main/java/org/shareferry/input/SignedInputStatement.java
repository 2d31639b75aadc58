// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.input;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.SigningContext;
import org.shareferry.member.Roster;

/// An input statement with its client's signature.
///
/// @param statement its deterministic encoding
/// @param signature Ed25519, 64 bytes
public record SignedInputStatement(Bytes statement, Bytes signature) {
    public SignedInputStatement {
        Objects.requireNonNull(statement);
        Objects.requireNonNull(signature);
    }

    /// @param identity the client's own key, whose id the statement names
    public static SignedInputStatement sign(InputStatement statement, IdentityKey identity) {
        if (!statement.signer().equals(identity.publicKey().id())) {
            throw new IllegalArgumentException("The statement names a different signer.");
        }
        var bytes = statement.encode();
        return new SignedInputStatement(bytes, identity.sign(SigningContext.INPUT, List.of(bytes)));
    }

    /// @return the statement, if its client signed it with a key that the roster pins
    /// @throws MalformedException when the statement does not decode
    public Optional<InputStatement> verify(Roster roster) throws MalformedException {
        var decoded = InputStatement.decode(statement);
        return roster.find(decoded.client())
                .flatMap(member -> member.identityKey(decoded.signer()))
                .filter(key -> key.verifies(SigningContext.INPUT, List.of(statement), signature))
                .map(key -> decoded);
    }
}
