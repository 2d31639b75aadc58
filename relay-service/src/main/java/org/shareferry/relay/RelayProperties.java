// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What an operator may set at a relay, under `shareferry.relay`.
///
/// @param quota bytes of envelopes that one party may have here, delivered ones until their retention is over; and as
///     many bytes of masked inputs that one client may have here
/// @param firstRetry how long to wait at most after the first failure to bring a bundle to a client
/// @param longestRetry how long to wait at most after many
/// @param heldRetry how long to wait before a bundle is offered again that its client refused for a cause that can be
///     mended
/// @param mirrorInterval how often a client's key announcement is fetched again once there is a valid one
/// @param batchItems bundles that are brought in one request at most
/// @param batchSize bytes that are brought in one request at most, unless one bundle has more
/// @param retention how long the content of envelopes is kept after the client's receipt, or after expiry: at
///     least as long as the client's backups are apart. What is delivered goes earlier, the oldest first, while
///     one of its senders has nine tenths of its quota here. The masked inputs of an answer are kept as long after they
///     came: a program takes its inputs within that time
@Validated
@ConfigurationProperties("shareferry.relay")
public record RelayProperties(
        @NotNull @DefaultValue("20GB") DataSize quota,

        @NotNull @DurationMin(millis = 1) @DefaultValue("500ms")
        Duration firstRetry,

        @NotNull @DurationMin(millis = 1) @DefaultValue("1m")
        Duration longestRetry,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("15m")
        Duration heldRetry,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("1m")
        Duration mirrorInterval,

        @Min(1) @Max(256) @DefaultValue("256") int batchItems,

        @NotNull @DefaultValue("8MB") DataSize batchSize,

        @NotNull @DurationMin @DefaultValue("24h") Duration retention) {
    public RelayProperties {
        if (longestRetry.compareTo(firstRetry) < 0) {
            throw new IllegalArgumentException(
                    "shareferry.relay.longest-retry is at least shareferry.relay.first-retry.");
        }
    }
}
