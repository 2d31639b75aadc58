// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// When a call ends at the latest.
///
/// @param nanos of [System#nanoTime]
record Deadline(long nanos) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// @return the time that is left, more than none
    /// @throws HttpTimeoutException when there is none
    Duration left() throws HttpTimeoutException {
        var left = Duration.ofNanos(nanos - System.nanoTime());
        if (!left.isPositive()) {
            throw new HttpTimeoutException("The call's time is over.");
        }
        return left;
    }

    boolean leaves(Duration time) {
        return nanos - System.nanoTime() > time.toNanos();
    }
}
