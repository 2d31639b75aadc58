// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.neighbour.Answer.Unavailable;

/// The result of a batch request.
///
/// @param items one answer for each item, in order. [Unavailable] for an item that was not processed, so for every
///     item after a failure
/// @param receipts not yet verified
/// @param failure why the batch as a whole was not processed; this refuses no item
public record BatchAnswer(List<Answer> items, List<SignedReceipt> receipts, Optional<Unavailable> failure) {
    public BatchAnswer {
        items = List.copyOf(items);
        receipts = List.copyOf(receipts);
    }

    static BatchAnswer failed(int items, Unavailable why) {
        return new BatchAnswer(Collections.nCopies(items, why), List.of(), Optional.of(why));
    }
}
