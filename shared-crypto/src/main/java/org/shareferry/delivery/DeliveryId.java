// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.regex.Pattern;

/// The name of one delivery: the run and its sequence number in it, written
/// `53b9abd5dfc3b9ff2723a929934da8c3-0`.
///
/// @param run the run that produced it
/// @param sequence 0, 1, 2, … in the order in which the program delivers
public record DeliveryId(RunId run, long sequence) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{32})-(0|[1-9][0-9]{0,17})");

    public DeliveryId {
        if (sequence < 0) {
            throw new IllegalArgumentException("A sequence number is not negative.");
        }
    }

    /// @param text 32 lower-case hex digits, a hyphen, and the sequence number in decimal without leading
    ///     zeros
    /// @throws IllegalArgumentException for anything else
    public static DeliveryId parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "A delivery id is 32 lower-case hex digits, a hyphen and a sequence number.");
        }
        return new DeliveryId(RunId.parse(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return run + "-" + sequence;
    }
}
