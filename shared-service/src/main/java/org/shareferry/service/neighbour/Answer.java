// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.problem.Finality;

/// What came of asking a neighbour.
public sealed interface Answer {
    /// It did as asked (2xx).
    ///
    /// @param status the HTTP status
    /// @param body what it answered
    record Accepted(int status, Bytes body) implements Answer {}

    /// It refused, with a problem of this project.
    ///
    /// @param status the HTTP status
    /// @param problem the problem's type as it names it
    /// @param detail its sentence, for our own operator: at most 500 characters, none of them a control
    ///     character
    /// @param finality whether the same request can succeed later; final only when it judged the very body that was
    ///     sent
    record Refused(int status, URI problem, String detail, Finality finality) implements Answer {
        /// @return whether the same request never succeeds
        public boolean isFinal() {
            return finality == Finality.FINAL;
        }
    }

    /// It may do as asked later.
    ///
    /// @param reason what went wrong, in words of ours
    /// @param retryAfter when it asked to be asked again
    record Unavailable(String reason, Optional<Duration> retryAfter) implements Answer {}
}
