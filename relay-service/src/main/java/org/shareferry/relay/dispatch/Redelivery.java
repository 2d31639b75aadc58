// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.service.commit.CommitSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Offers bundles again that a client gave a receipt for and then lost, because it was restored from a backup. For
/// bundles that it still has, the client returns the old receipt. For the others it signs a new one, which is
/// equivalent because it names the same envelopes.
@Component
class Redelivery {
    private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);
    private static final int AT_ONCE = 200;

    private final DispatchStore store;
    private final HeldBundleStore held;
    private final CommitSignal commits;
    private final TransactionTemplate transaction;

    Redelivery(DispatchStore store, HeldBundleStore held, CommitSignal commits, TransactionTemplate transaction) {
        this.store = store;
        this.held = held;
        this.commits = commits;
        this.transaction = transaction;
    }

    /// In short transactions, so that submissions need not wait.
    ///
    /// @param only bundles of this delivery; all if empty
    /// @param since only bundles whose receipt arrived at this time or later
    /// @return the number of bundles offered again
    int begin(MemberName recipient, Optional<DeliveryKey> only, Instant since) {
        int count = repeat(() -> store.again(recipient, only, since, AT_ONCE));
        LOG.warn("{} bundles of {} with receipts since {} are delivered again", count, recipient, since);
        return count;
    }

    /// Offers held bundles at once instead of after their interval.
    /// @param only bundles of this delivery; all if empty
    /// @return the number of bundles
    int offerHeld(MemberName recipient, Optional<DeliveryKey> only) {
        int count = repeat(() -> held.offerNow(recipient, only, AT_ONCE));
        LOG.info("{} bundles that {} had refused are offered again", count, recipient);
        return count;
    }

    private int repeat(Supplier<List<BundleKey>> step) {
        int count = 0;
        List<BundleKey> some;
        do {
            some = Objects.requireNonNull(transaction.execute(status -> {
                commits.signalAfterCommit();
                return step.get();
            }));
            count += some.size();
        } while (some.size() == AT_ONCE);
        return count;
    }
}
