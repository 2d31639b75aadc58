// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What an operator may set at a relay.
///
/// @param quota bytes of undelivered or retained envelopes that one party may have here
/// @param firstRetry how long to wait at most after the first failure to reach a client
/// @param longestRetry how long to wait at most after many
/// @param mirrorInterval how often a client's key announcement is fetched again
/// @param retention how long envelopes are kept after the client's receipt
@Validated
@ConfigurationProperties("shareferry.relay")
public record RelayProperties(
        @DefaultValue("20GB") DataSize quota,
        @DefaultValue("500ms") Duration firstRetry,
        @DefaultValue("1m") Duration longestRetry,
        @DefaultValue("1m") Duration mirrorInterval,
        @DefaultValue("1h") Duration retention) {}
