// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Settings of a relay-service, in addition to those of every service.
///
/// @param quota The most bytes of envelopes that one party may store here, received ones included until the end of
///     their retention. One client may store the same amount of masked inputs.
/// @param minBackoff The longest wait before the first retry of a request to a client.
/// @param maxBackoff The longest wait between two attempts to reach a client. At least
///     `shareferry.relay.min-backoff`.
/// @param heldRetry The interval between two offers of a held bundle, which its client refused for a cause that can
///     be fixed.
/// @param keyRefreshInterval The interval between two fetches of a client's key announcement, once there is a valid
///     key.
/// @param batchItems The most bundles in one request to a client.
/// @param batchSize The most bytes in one request to a client. A single bundle may be larger.
/// @param retention How long envelopes are kept after the client's receipt or their expiry, and masked inputs after
///     their arrival. At least the interval between two backups of the client, and long enough for a program to take
///     its inputs. If a party uses nine tenths of its quota, its received envelopes are deleted earlier, the oldest
///     first.
@Validated
@ConfigurationProperties("shareferry.relay")
public record RelayProperties(
        @NotNull @DefaultValue("20GB") DataSize quota,

        @NotNull @DurationMin(millis = 1) @DefaultValue("500ms")
        Duration minBackoff,

        @NotNull @DurationMin(millis = 1) @DefaultValue("1m")
        Duration maxBackoff,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("15m")
        Duration heldRetry,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("1m")
        Duration keyRefreshInterval,

        @Min(1) @Max(256) @DefaultValue("256") int batchItems,

        @NotNull @DefaultValue("8MB") DataSize batchSize,

        @NotNull @DurationMin @DefaultValue("24h") Duration retention) {
    public RelayProperties {
        if (maxBackoff.compareTo(minBackoff) < 0) {
            throw new IllegalArgumentException(
                    "shareferry.relay.max-backoff must be at least shareferry.relay.min-backoff.");
        }
    }
}
