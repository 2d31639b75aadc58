// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// The position after which a page of results begins.
///
/// @param seen when the result's first bundle arrived, in ms since 1970
/// @param key the id of its row
record ResultCursor(long seen, String key) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})_(.{1,4000})");

    /// @param after the `next` of another page
    /// @throws ProblemException for anything else
    static ResultCursor parse(String after) {
        var match = FORM.matcher(after);
        try {
            if (match.matches()) {
                return new ResultCursor(
                        Long.parseLong(match.group(1)),
                        DeliveryKey.parse(match.group(2)).toString());
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw new ProblemException(
                Problem.of(ProblemType.REQUEST_MALFORMED, "`after` must be the `next` of another page."));
    }

    /// @param limit the requested size of the page
    /// @return the `after` of the next page, unless this one is the last
    static Optional<String> next(List<Result> page, int limit) {
        return page.size() < limit
                ? Optional.empty()
                : Optional.of(page.getLast().firstSeen().toEpochMilli() + "_"
                        + page.getLast().key());
    }

    /// @return the position before all results
    static ResultCursor start(boolean isNewestFirst) {
        return isNewestFirst ? new ResultCursor(Long.MAX_VALUE, "") : new ResultCursor(-1, "");
    }
}
