// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.RosterFile;
import org.springframework.stereotype.Component;

/// Believes a receipt only when the client signed it and it names exactly the envelopes that the relay holds.
@Component
class Receipts {
    private final BundleStore bundles;
    private final RosterFile roster;

    Receipts(BundleStore bundles, RosterFile roster) {
        this.bundles = bundles;
        this.roster = roster;
    }

    /// @param giver who gave it
    /// @return the bundle that the receipt is for, if it is to be believed
    Optional<BundleKey> verify(MemberName giver, SignedReceipt signed) {
        Optional<Receipt> verified;
        try {
            verified = signed.verify(roster.current());
        } catch (MalformedException e) {
            return Optional.empty();
        }
        return verified.filter(receipt -> receipt.client().equals(giver)).flatMap(this::held);
    }

    private Optional<BundleKey> held(Receipt receipt) {
        BundleKey key;
        try {
            key = new BundleKey(receipt.key(), receipt.places().firstKey());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return bundles.isFor(key, receipt.client())
                        && receipt.places().size() == 1
                        && bundles.envelopeIds(key).equals(receipt.envelopesAt(key.place()))
                ? Optional.of(key)
                : Optional.empty();
    }
}
