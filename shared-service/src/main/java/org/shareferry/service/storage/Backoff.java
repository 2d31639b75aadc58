// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Exponential backoff with jitter: the delay doubles with every failure up to a cap, and a random part is
/// subtracted so that many callers do not retry at the same time.
///
/// @param first the longest delay after the first failure
/// @param cap the longest delay
public record Backoff(Duration first, Duration cap) {
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "The first delay of a backoff must be above zero, and the cap must not be lower.");
        }
    }

    /// @param failures the number of consecutive failures, from 1
    /// @return half of the capped exponential delay, and a random part of the other half
    public Duration after(int failures, RandomGenerator random) {
        int doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
        long millis = Math.min(cap.toMillis(), first.toMillis() << doublings);
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }
}
