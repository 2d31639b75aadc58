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

/// The position at which a page of deliveries begins: after one delivery, or after all with one id. Deliveries are
/// listed in ascending order of id and then parties.
///
/// @param id the id; empty at the beginning of the list
/// @param key the id and the parties; empty to skip all deliveries with this id
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
                    ProblemType.REQUEST_MALFORMED, "`after` must be the `next` of another page or a delivery id."));
        }
    }

    /// @param page the deliveries of a page
    /// @param limit the requested size of the page
    /// @return the `after` of the next page, unless this one is the last
    public static Optional<String> next(List<DeliveryKey> page, int limit) {
        return page.size() < limit
                ? Optional.empty()
                : Optional.of(page.getLast().toString());
    }
}
