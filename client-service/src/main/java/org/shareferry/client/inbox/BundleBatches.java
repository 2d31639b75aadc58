// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.envelope.Bundle;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.batch.CborSequence.Unreadable;
import org.shareferry.service.batch.CborSequence.Whole;
import org.shareferry.service.batch.Outcome;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.stereotype.Component;

/// Receives bundles from a CBOR sequence, pushed or pulled. Bundles that are read together are stored in one
/// transaction.
@Component
class BundleBatches {
    private static final int ITEMS_OF_PART = 256;
    private static final long BYTES_OF_PART = 8 << 20;

    private final Inbox inbox;

    BundleBatches(Inbox inbox) {
        this.inbox = inbox;
    }

    /// The result for one item.
    sealed interface Item {
        /// The item is a bundle.
        record Judged(Bundle bundle, BundleOutcome reception) implements Item {}

        /// The item is not a bundle.
        record NoBundle(Outcome why) implements Item {}
    }

    /// @return one for each item, in order
    List<Item> receive(InputStream in) {
        var sequence = new CborSequence(in, Bundle.MAX_SIZE);
        var items = new ArrayList<Item>();
        for (var part = part(sequence); !part.isEmpty(); part = part(sequence)) {
            items.addAll(receive(part));
        }
        return items;
    }

    private static List<CborSequence.Item> part(CborSequence sequence) {
        return sequence.next(ITEMS_OF_PART, BYTES_OF_PART);
    }

    private List<Item> receive(List<CborSequence.Item> part) {
        var bundles = new ArrayList<Bundle>();
        var read = part.stream().map(item -> read(item, bundles)).toList();
        var receptions = inbox.receive(bundles).iterator();
        var next = bundles.iterator();
        return read.stream()
                .map(none -> none.orElseGet(() -> new Item.Judged(next.next(), receptions.next())))
                .toList();
    }

    /// Adds the item to the bundles if it is one.
    ///
    /// @return the result for an item that is not a bundle
    private static Optional<Item> read(CborSequence.Item item, List<Bundle> bundles) {
        switch (item) {
            case Whole(var content) -> {
                try {
                    bundles.add(Bundle.decode(content));
                    return Optional.empty();
                } catch (MalformedException e) {
                    var problem = Problem.of(ProblemType.ENVELOPE_MALFORMED, e.reason());
                    return Optional.of(new Item.NoBundle(Outcome.of(problem, content)));
                }
            }
            case Unreadable(var problem) -> {
                return Optional.of(new Item.NoBundle(Outcome.of(problem)));
            }
        }
    }
}
