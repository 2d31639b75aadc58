// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// Where a page of deliveries begins: behind one delivery, or behind all with one id. Deliveries are listed ascending
/// by id and then by parties.
///
/// @param id the id; empty at the beginning of the list
/// @param key the id and the parties; empty when all deliveries with this id are passed over
public record DeliveryCursor(String id, String key) {
    /// @param after the `next` of another page, or an id; empty for the first page
    /// @throws ProblemException for anything else
    public static DeliveryCursor parse(String after) {
        if (after.isEmpty()) {
            return new DeliveryCursor("", "");
        }
        try {
            if (after.indexOf(',') < 0) {
                return new DeliveryCursor(DeliveryId.parse(after).toString(), "");
            }
            var key = DeliveryKey.parse(after);
            return new DeliveryCursor(key.id().toString(), key.toString());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(
                    ProblemType.REQUEST_MALFORMED, "`after` is the `next` of another page, or a delivery's id."));
        }
    }

    /// @param page the deliveries of a page
    /// @param limit how many it could have had
    /// @return the `after` of the next page, unless this one is the last
    public static Optional<String> next(List<DeliveryKey> page, int limit) {
        return page.size() < limit
                ? Optional.empty()
                : Optional.of(page.getLast().toString());
    }
}
