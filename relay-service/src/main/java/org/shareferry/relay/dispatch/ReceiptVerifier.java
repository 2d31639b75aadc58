// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.shareferry.cbor.MalformedException;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.service.member.RosterFile;
import org.springframework.stereotype.Component;

/// Verifies receipts. A receipt is valid only if the client signed it and it names exactly the envelopes that the
/// relay has. It may cover further places that a relay restored from a backup does not have.
@Component
class ReceiptVerifier {
    private final DispatchStore bundles;
    private final RosterFile roster;

    ReceiptVerifier(DispatchStore bundles, RosterFile roster) {
        this.bundles = bundles;
        this.roster = roster;
    }

    /// A verified receipt.
    /// @param signed with the client's signature
    /// @param keys the bundles that it is for
    record VerifiedReceipt(SignedReceipt signed, List<BundleKey> keys) {}

    /// @param giver the client that sent it
    /// @return the receipt, if it is valid
    Optional<VerifiedReceipt> verify(MemberName giver, SignedReceipt signed) {
        return verify(giver, signed, key -> Map.of());
    }

    /// @param atHand the ids of a bundle's envelopes by sender, if they are already loaded
    Optional<VerifiedReceipt> verify(
            MemberName giver, SignedReceipt signed, Function<BundleKey, Map<MemberName, EnvelopeId>> atHand) {
        try {
            return signed.verify(roster.current())
                    .filter(receipt -> receipt.client().equals(giver))
                    .flatMap(receipt -> held(receipt, atHand).map(keys -> new VerifiedReceipt(signed, keys)));
        } catch (MalformedException | IllegalArgumentException e) {
            // Not a receipt, or one for an impossible set of parties.
            return Optional.empty();
        }
    }

    private Optional<List<BundleKey>> held(Receipt receipt, Function<BundleKey, Map<MemberName, EnvelopeId>> atHand) {
        var delivery = receipt.key();
        var keys = new ArrayList<BundleKey>();
        for (var entry : receipt.places().entrySet()) {
            var key = new BundleKey(delivery, entry.getKey());
            var known = atHand.apply(key);
            if (known.isEmpty() && bundles.isFor(key, receipt.client())) {
                known = bundles.envelopeIds(key);
            }
            if (known.isEmpty()) {
                continue;
            }
            if (!known.equals(entry.getValue())) {
                return Optional.empty();
            }
            keys.add(key);
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
    }
}
