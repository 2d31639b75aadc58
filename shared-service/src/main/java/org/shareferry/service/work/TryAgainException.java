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
    private final boolean isRare;

    /// @param reason in words of ours, for the log
    /// @param after the earliest time to try again, when someone named one
    public TryAgainException(String reason, Optional<Duration> after) {
        this(reason, after, false);
    }

    private TryAgainException(String reason, Optional<Duration> after, boolean isRare) {
        super(reason, null, false, false);
        this.reason = reason;
        this.after = after;
        this.isRare = isRare;
    }

    /// Says that somebody has to change something before the work is possible. It is tried exactly then, and not by the
    /// usual backoff.
    ///
    /// @param reason in words of ours, for the log
    /// @param after when to try again
    public static TryAgainException rarely(String reason, Duration after) {
        return new TryAgainException(reason, Optional.of(after), true);
    }

    String reason() {
        return reason;
    }

    boolean isRare() {
        return isRare;
    }

    Optional<Duration> after() {
        return after;
    }
}
