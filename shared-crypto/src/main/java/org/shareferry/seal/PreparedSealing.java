// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import java.time.Instant;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;

/// A key agreement with a recipient for one hand-over that has not begun. It exists only in memory and can be used
/// by one hand-over only. Not thread-safe.
public final class PreparedSealing implements AutoCloseable {
    private final DeliveryId delivery;
    private final MemberName recipient;
    private final MemberName sender;
    private final IdentityKey identity;
    private final KeyId recipientKey;
    private final Hpke.Sender context;
    private boolean begun;

    PreparedSealing(
            DeliveryId delivery,
            MemberName recipient,
            MemberName sender,
            IdentityKey identity,
            KeyId recipientKey,
            Hpke.Sender context) {
        this.delivery = delivery;
        this.recipient = recipient;
        this.sender = sender;
        this.identity = identity;
        this.recipientKey = recipientKey;
        this.context = context;
    }

    /// @return whether it was made for this delivery, recipient and key
    public boolean isFor(DeliveryId id, MemberName client, KeyId key) {
        return delivery.equals(id) && recipient.equals(client) && recipientKey.equals(key);
    }

    /// @param facts that all envelopes of the hand-over share
    /// @param created their creation time
    /// @return the sealer of the envelopes; the caller closes it instead of this
    /// @throws IllegalArgumentException when the facts are of another delivery, recipient or sender
    /// @throws IllegalStateException when a hand-over has already begun with this
    public HandOverSealing begin(DeliveryFacts facts, Instant created) {
        if (!isFor(facts.id(), facts.recipient(), recipientKey)
                || !facts.parties().contains(sender)) {
            throw new IllegalArgumentException("The facts have a different delivery, recipient or sender.");
        }
        if (begun) {
            throw new IllegalStateException("A key agreement can be used for one hand-over only.");
        }
        begun = true;
        return new HandOverSealing(facts, sender, identity, recipientKey, created, context);
    }

    /// Wipes the agreement, unless a hand-over uses it.
    @Override
    public void close() {
        if (!begun) {
            context.close();
        }
    }
}
