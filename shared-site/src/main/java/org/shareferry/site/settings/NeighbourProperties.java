// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Time limits and size limits for requests to neighbours.
///
/// @param connectTimeout The longest time for name resolution, TCP and TLS together.
/// @param answerTimeout The longest time until the head of an answer arrives, and the longest pause within its
///     body. Long polls add their own wait.
/// @param wholeAnswerTimeout The longest time from a request to the end of its answer. Long polls add their own
///     wait.
/// @param answerLimit The largest answer that contains bundles. Other answers have a fixed, much lower limit.
@Validated
@ConfigurationProperties("shareferry.neighbours")
public record NeighbourProperties(
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration answerTimeout,
        @DefaultValue("5m") Duration wholeAnswerTimeout,
        @DefaultValue("20MB") DataSize answerLimit) {}
