// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.crypto.Bytes;

/// What came of asking a neighbour.
public sealed interface Answer {
    /// It did as asked (2xx).
    ///
    /// @param status the HTTP status
    /// @param body what it answered
    record Accepted(int status, Bytes body) implements Answer {}

    /// It will never do as asked (4xx but 408, 425 and 429): trying again is of no use.
    ///
    /// @param status the HTTP status
    /// @param problem the problem's type as it names it, `about:blank` when it names none
    /// @param detail its sentence, for our own operator: at most 500 characters, none of them a control
    ///     character
    record Refused(int status, URI problem, String detail) implements Answer {}

    /// It may do as asked later.
    ///
    /// @param reason what went wrong, in words of ours
    /// @param retryAfter when it asked to be asked again
    record Unavailable(String reason, Optional<Duration> retryAfter) implements Answer {}
}
