// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.member.MemberName;
import org.shareferry.party.seal.PreparedKeyAgreement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Makes the key agreement for the next delivery in advance, so that the VM need not wait for it. The id is the
/// run's next number. The recipient is assumed to be that of the previous delivery, and at first the roster's only
/// client; if it is another one, the agreement is discarded. Not thread-safe.
final class NextKeyAgreement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NextKeyAgreement.class);

    private final VmContext context;
    private Optional<MemberName> recipient;
    private Optional<PreparedKeyAgreement> prepared = Optional.empty();

    NextKeyAgreement(VmContext context) {
        this.context = context;
        this.recipient = context.onlyClient();
    }

    /// Prepares nothing if the database does not respond, because the delivery may still succeed later.
    ///
    /// @param next the delivery that the VM may ask for
    void prepare(DeliveryId next) {
        close();
        try {
            prepared = recipient.flatMap(client -> context.prepare(next, client));
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("No key agreement was prepared for the next delivery", e);
        }
    }

    /// @param client the recipient of the delivery
    /// @return the prepared agreement; it is closed with this, or when the next one is prepared
    Optional<PreparedKeyAgreement> take(MemberName client) {
        recipient = Optional.of(client);
        return prepared;
    }

    /// Wipes an unused agreement.
    @Override
    public void close() {
        prepared.ifPresent(PreparedKeyAgreement::close);
        prepared = Optional.empty();
    }
}
