// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.member.MemberName;
import org.shareferry.party.seal.Prepared;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Agrees on a key for the delivery that the VM has not asked for yet, so that the VM need not wait for it. The
/// id is known: the run's next number. The recipient is taken to be that of the delivery before, at first the
/// roster's only client; if it is another, the agreement is dropped. For one thread.
final class Foresight implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Foresight.class);

    private final VmContext context;
    private Optional<MemberName> recipient;
    private Optional<Prepared> prepared = Optional.empty();

    Foresight(VmContext context) {
        this.context = context;
        this.recipient = context.onlyClient();
    }

    /// Prepares nothing if the database does not answer: the delivery itself can still be taken later.
    ///
    /// @param next the delivery that the VM may ask for
    void prepare(DeliveryId next) {
        close();
        try {
            prepared = recipient.flatMap(client -> context.prepare(next, client));
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("No key is agreed on ahead of the next delivery", e);
        }
    }

    /// @param client whom the delivery is for, as the VM says
    /// @return what was prepared; it is closed with this, or when the next delivery is prepared
    Optional<Prepared> take(MemberName client) {
        recipient = Optional.of(client);
        return prepared;
    }

    /// Drops what was prepared and not used.
    @Override
    public void close() {
        prepared.ifPresent(Prepared::close);
        prepared = Optional.empty();
    }
}
