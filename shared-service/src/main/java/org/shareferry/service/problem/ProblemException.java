// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

/// Carries a problem out of code that cannot return one, such as the parsing of a body.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.type().title(), null, false, false);
        this.problem = problem;
    }

    /// @return the problem to answer with
    public Problem problem() {
        return problem;
    }
}
