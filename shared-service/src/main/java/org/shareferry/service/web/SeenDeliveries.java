// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// The deliveries with one id that a caller may see. There can be several: any set of parties can use any id.
///
/// @param id the id
/// @param keys at most [#MAX_NAMED]
public record SeenDeliveries(DeliveryId id, List<DeliveryKey> keys) {
    /// As many sets of parties are named to a caller who has to choose one.
    public static final int MAX_NAMED = 10;

    /// What `parties` means in an address.
    public static final String PARTIES = "the delivery's parties with commas between them; needed only where the"
            + " caller sees several deliveries with this id";

    /// @return the one delivery
    /// @throws ProblemException when there is none, or more than one
    public DeliveryKey only() {
        if (keys.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.NOT_FOUND, "There is no delivery " + id + " for the caller."));
        }
        if (keys.size() > 1) {
            var sets = keys.stream().map(key -> key.parties().toString()).collect(Collectors.joining("; "));
            throw new ProblemException(Problem.of(
                    ProblemType.DELIVERY_AMBIGUOUS,
                    "Deliveries of several sets of parties have this id: " + sets + "."));
        }
        return keys.getFirst();
    }
}
