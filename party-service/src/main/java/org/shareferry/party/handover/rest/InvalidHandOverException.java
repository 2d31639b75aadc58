// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;

/// The body is not a valid hand-over. The problem contains nothing of the body.
final class InvalidHandOverException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    private InvalidHandOverException(Problem problem) {
        super(problem.type().title());
        this.problem = problem;
    }

    /// The body does not have the format of a hand-over.
    static InvalidHandOverException malformed(String detail) {
        return new InvalidHandOverException(Problem.of(ProblemType.REQUEST_MALFORMED, detail));
    }

    /// Facts and shares do not match.
    static InvalidHandOverException unfit(String detail) {
        return of(new HandOverRefusal.Unfit(detail));
    }

    static InvalidHandOverException schemeNeedsVm() {
        return new InvalidHandOverException(Problem.of(
                ProblemType.SCHEME_NEEDS_VM,
                "The scheme committed needs a coin toss through the VMs after sealing, which a hand-over by REST"
                        + " cannot do."));
    }

    static InvalidHandOverException of(HandOverRefusal why) {
        return new InvalidHandOverException(HandOverProblems.of(why));
    }

    Problem problem() {
        return problem;
    }
}
