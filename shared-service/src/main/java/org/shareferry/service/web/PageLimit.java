// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// Checks the parameter `limit` of lists.
public final class PageLimit {
    private PageLimit() {}

    /// @param limit the caller's value
    /// @param most the largest allowed value
    /// @return the limit
    /// @throws ProblemException when it is less than 1 or more than that
    public static int checked(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, "`limit` must be 1 to " + most + "."));
        }
        return limit;
    }
}
