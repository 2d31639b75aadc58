// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.problem.Finality;

/// The result of a request to a neighbour.
public sealed interface Answer {
    /// The neighbour accepted the request (2xx).
    ///
    /// @param status the HTTP status
    /// @param body of the response
    record Accepted(int status, Bytes body) implements Answer {}

    /// The neighbour refused the request with a problem of this project.
    ///
    /// @param status the HTTP status
    /// @param problem the problem's type
    /// @param detail its text for this member's operator: at most 500 characters, without control characters
    /// @param finality whether the same request can succeed later; final only if the refusal names the digest of
    ///     the body that was sent
    record Refused(int status, URI problem, String detail, Finality finality) implements Answer {
        /// @return whether the same request never succeeds
        public boolean isFinal() {
            return finality == Finality.FINAL;
        }
    }

    /// The request may succeed later.
    ///
    /// @param reason what went wrong, in this project's own words
    /// @param retryAfter the neighbour's Retry-After
    record Unavailable(String reason, Optional<Duration> retryAfter) implements Answer {}
}
