// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// How many items an answer may have.
public final class PageLimit {
    private PageLimit() {}

    /// @param limit as the caller gives it
    /// @param most the largest that is allowed
    /// @return the limit
    /// @throws ProblemException when it is less than 1 or more than that
    public static int checked(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, "`limit` must be 1 to " + most + "."));
        }
        return limit;
    }
}
