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

/// A key agreement with a recipient for one hand-over of one delivery, which has not begun. It is in memory
/// alone and is used by one hand-over only: whoever keeps several takes one out. For one thread.
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

    /// @param facts what all envelopes of the hand-over say alike
    /// @param created when, for all of them
    /// @return what seals them; the caller closes it instead of this
    /// @throws IllegalArgumentException when the facts are of another delivery, recipient or sender
    /// @throws IllegalStateException when a hand-over was begun with this before
    public HandOverSealing begin(DeliveryFacts facts, Instant created) {
        if (!isFor(facts.id(), facts.recipient(), recipientKey)
                || !facts.parties().contains(sender)) {
            throw new IllegalArgumentException("The facts are of another delivery, recipient or sender.");
        }
        if (begun) {
            throw new IllegalStateException("A key agreement serves one hand-over.");
        }
        begun = true;
        return new HandOverSealing(facts, sender, identity, recipientKey, created, context);
    }

    /// Wipes what was agreed on, unless a hand-over was begun with it.
    @Override
    public void close() {
        if (!begun) {
            context.close();
        }
    }
}
