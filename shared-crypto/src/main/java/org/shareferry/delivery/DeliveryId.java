// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.regex.Pattern;

/// The id of a delivery: its run and its sequence number in the run, written `53b9abd5dfc3b9ff2723a929934da8c3-0`.
///
/// @param run the run that produced it
/// @param sequence 0, 1, 2, … in the order in which the program delivers; at most [#MAX_SEQUENCE]
public record DeliveryId(RunId run, long sequence) {
    /// The largest sequence number. Numbers have at most 18 digits and so fit 64 bits.
    public static final long MAX_SEQUENCE = 999_999_999_999_999_999L;

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{32})-(0|[1-9][0-9]{0,17})");

    public DeliveryId {
        if (sequence < 0 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("A sequence number must be 0 to " + MAX_SEQUENCE + ".");
        }
    }

    /// @param text 32 lower-case hex digits, a hyphen, and the sequence number in decimal without leading zeros, as
    ///     from [#toString]
    /// @throws IllegalArgumentException for anything else
    public static DeliveryId parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A delivery id must be 32 lower-case hex digits, a hyphen and a sequence"
                    + " number of at most 18 digits.");
        }
        return new DeliveryId(RunId.parse(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return run + "-" + sequence;
    }
}
