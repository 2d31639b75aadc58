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

/// The deliveries with one id that a caller may see. There can be several, because any set of parties can use any
/// id.
///
/// @param id the id
/// @param keys at most [#MAX_READ]
public record SeenDeliveries(DeliveryId id, List<DeliveryKey> keys) {
    /// The maximum number to look up: enough to know whether there are more than can be named.
    public static final int MAX_READ = 11;

    /// The maximum number of sets of parties in the problem text. A member can use an id with any set that it
    /// belongs to, so there may be thousands. Lists show all of them.
    private static final int MAX_NAMED = MAX_READ - 1;

    /// Description of the parameter `parties`.
    public static final String PARTIES = "the delivery's parties, separated by commas; required only if the caller"
            + " sees several deliveries with this id";

    /// @return the one delivery
    /// @throws ProblemException when there is none, or more than one
    public DeliveryKey only() {
        return only("It is unknown here, or the caller is not one of its members.");
    }

    /// @param where a sentence on what to do if there is none
    /// @return the one delivery
    /// @throws ProblemException when there is none, or more than one
    public DeliveryKey only(String where) {
        if (keys.isEmpty()) {
            throw new ProblemException(Problem.of(ProblemType.NOT_FOUND, "There is no delivery " + id + ". " + where));
        }
        if (keys.size() > 1) {
            var sets = keys.stream()
                    .limit(MAX_NAMED)
                    .map(key -> key.parties().toString())
                    .collect(Collectors.joining("; "));
            throw new ProblemException(Problem.of(
                    ProblemType.DELIVERY_AMBIGUOUS,
                    "Deliveries of several sets of parties have this id: " + sets
                            + (keys.size() > MAX_NAMED ? "; and others, see the list of deliveries" : "")
                            + ". Choose one with the parameter `parties`."));
        }
        return keys.getFirst();
    }
}
