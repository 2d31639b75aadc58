// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.Header;
import org.shareferry.relay.assembly.Disagreements.Disagreement;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.problem.ProblemType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Creates bundles: a waiting one when a place has the envelopes of all parties, a refused one when the delivery's
/// envelopes disagree before that. A refusal deletes nothing. A complete bundle is delivered regardless of later
/// envelopes.
@Component
public class BundleAssembler {
    private static final Logger LOG = LoggerFactory.getLogger(BundleAssembler.class);

    private final BundleStore store;
    private final Disagreements disagreements;
    private final Feed feed;
    private final CommitSignal commits;

    BundleAssembler(BundleStore store, Disagreements disagreements, Feed feed, CommitSignal commits) {
        this.store = store;
        this.disagreements = disagreements;
        this.feed = feed;
        this.commits = commits;
    }

    /// @return whether every place has a bundle and none was refused, so that later envelopes cannot end the
    ///     delivery
    public boolean isComplete(DeliveryKey delivery) {
        return store.isComplete(delivery);
    }

    /// Call it in the transaction that stored an envelope and that has locked the delivery's row.
    ///
    /// @param header the header of the stored envelope
    /// @param first the header of the delivery's first envelope
    public void envelopeStored(Header header, Header first) {
        var key = new BundleKey(header.facts().key(), header.place());
        var differences = first.facts().differences(header.facts());
        if (!differences.isEmpty()) {
            noteDisagreement(header, first, differences);
        }
        var disagreement = disagreements.find(key.delivery());
        var content = store.collected(key);
        if (disagreement.isPresent()) {
            store.make(key, first.facts().recipient(), content);
            refuse(key, refusal(disagreement.get()));
        } else if (content.senders() == first.facts().parties().size()) {
            store.make(key, first.facts().recipient(), content);
            if (store.hasAll(key.delivery())) {
                feed.note(key.delivery().toString(), State.BUNDLED);
            }
            commits.signalAfterCommit();
        } else {
            store.collecting(key, content);
        }
    }

    private void refuse(BundleKey key, BundleStore.Refusal refusal) {
        if (store.refuse(key, refusal)) {
            feed.note(key.delivery(), State.REFUSED, refusal.why());
        }
    }

    private void noteDisagreement(Header header, Header first, List<String> differences) {
        var id = header.facts().key();
        // Two envelopes of the same sender for different places may disagree too.
        var members = new TreeSet<>(List.of(first.sender(), header.sender()));
        var before = disagreements.find(id).orElseGet(() -> new Disagreement(Set.of(), Set.of()));
        var now = before.and(members, differences);
        if (!now.equals(before)) {
            disagreements.keep(id, now);
            store.refuseAgain(id, refusal(now));
            feed.note(id, State.REFUSED, refusal(now).why());
            LOG.warn("Delivery refused. {}", now.detail());
        }
    }

    private static BundleStore.Refusal refusal(Disagreement disagreement) {
        return new BundleStore.Refusal(
                ProblemType.FACTS_DIFFER.uri().toString(), disagreement.detail(), disagreement.membersText());
    }
}
