// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.time.Duration;

/// Bounds of a client.
///
/// @param timeout of one call, from its beginning to the last byte of its answer, with all repetitions
/// @param valueBytes how many bytes of values [ResultClient#values] may hold; [ResultClient#eachValue] has no such
/// bound
public record ClientOptions(Duration timeout, long valueBytes) {
    /// One minute, and 1 GiB.
    public static final ClientOptions DEFAULT = new ClientOptions(Duration.ofMinutes(1), 1L << 30);

    public ClientOptions {
        if (!timeout.isPositive() || valueBytes < 1) {
            throw new IllegalArgumentException("A timeout and a bound of bytes are positive.");
        }
    }
}
