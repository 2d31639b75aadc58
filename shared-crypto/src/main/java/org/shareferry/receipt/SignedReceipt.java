// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.receipt;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.SigningContext;
import org.shareferry.member.Roster;

/// A signed receipt. The relay passes it from the client to the parties, and each of them verifies it.
///
/// @param receipt the encoding of a [Receipt], verbatim
/// @param signature of the client, 64 bytes
public record SignedReceipt(Bytes receipt, Bytes signature) {
    public SignedReceipt {
        Objects.requireNonNull(receipt);
        Objects.requireNonNull(signature);
    }

    /// @param identity the client's own key, whose id the receipt names
    public static SignedReceipt sign(Receipt receipt, IdentityKey identity) {
        if (!receipt.signer().equals(identity.publicKey().id())) {
            throw new IllegalArgumentException("The receipt names a different signer.");
        }
        var bytes = receipt.encode();
        return new SignedReceipt(bytes, identity.sign(SigningContext.RECEIPT, List.of(bytes)));
    }

    /// @return the receipt, if its client signed it with a key that the roster pins
    /// @throws MalformedException when the receipt is malformed
    public Optional<Receipt> verify(Roster roster) throws MalformedException {
        var decoded = Receipt.decode(receipt);
        return roster.find(decoded.client())
                .flatMap(member -> member.identityKey(decoded.signer()))
                .filter(key -> key.verifies(SigningContext.RECEIPT, List.of(receipt), signature))
                .map(key -> decoded);
    }
}
