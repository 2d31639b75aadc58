// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// When to try again: the delay doubles with every failure up to a cap, and a random part of it is taken off
/// so that many do not come at once.
///
/// @param first the longest delay after the first failure
/// @param cap the longest delay ever
public record Backoff(Duration first, Duration cap) {
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException("A backoff begins above zero and is capped no lower.");
        }
    }

    /// @param failures how often it failed in a row, from 1
    /// @return half of the capped exponential delay, and a random part of the other half
    public Duration after(int failures, RandomGenerator random) {
        int doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
        long millis = Math.min(cap.toMillis(), first.toMillis() << doublings);
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }
}
