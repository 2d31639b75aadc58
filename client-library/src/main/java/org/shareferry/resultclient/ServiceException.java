// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The service refused a request (RFC 9457).
public final class ServiceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String problem;
    private final transient Optional<Duration> retryAfter;

    ServiceException(int status, String problem, String detail, Optional<Duration> retryAfter) {
        super(detail + " (status " + status + ", " + problem + ")");
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /// @return the HTTP status
    public int status() {
        return status;
    }

    /// @return the problem's type, of docs/problem-types.md; `about:blank` when the answer has none
    public String problem() {
        return problem;
    }

    /// @return after which time the same request may succeed, if the service said so
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
