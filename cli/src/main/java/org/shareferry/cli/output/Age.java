// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long ago something was, for people.
public final class Age {
    private static final Duration MINUTES = Duration.ofMinutes(2);
    private static final Duration HOURS = Duration.ofHours(2);
    private static final Duration DAYS = Duration.ofDays(2);

    private Age() {}

    /// @param time as in `2026-01-01T12:00:00Z`
    /// @return since then, not negative; nothing when this is not a time
    public static Optional<Duration> of(String time, Instant now) {
        try {
            var age = Duration.between(Instant.parse(time), now);
            return Optional.of(age.isNegative() ? Duration.ZERO : age);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// @return in the largest unit of which there are at least two, such as `90 s` or `3 h`
    public static String words(Duration age) {
        if (age.compareTo(MINUTES) < 0) {
            return age.toSeconds() + " s";
        }
        if (age.compareTo(HOURS) < 0) {
            return age.toMinutes() + " min";
        }
        return age.compareTo(DAYS) < 0 ? age.toHours() + " h" : age.toDays() + " d";
    }
}
