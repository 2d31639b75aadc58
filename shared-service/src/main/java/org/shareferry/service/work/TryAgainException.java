// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import java.time.Duration;
import java.util.Optional;

/// Says that a piece of work could not be done now and may be possible later. Not a failure of this service.
public final class TryAgainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final transient Optional<Duration> after;

    /// @param reason in words of ours, for the log
    /// @param after the earliest time to try again, when someone named one
    public TryAgainException(String reason, Optional<Duration> after) {
        super(reason, null, false, false);
        this.reason = reason;
        this.after = after;
    }

    String reason() {
        return reason;
    }

    Optional<Duration> after() {
        return after;
    }
}
