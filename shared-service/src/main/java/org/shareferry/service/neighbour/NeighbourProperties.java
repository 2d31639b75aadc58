// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How patiently neighbours are asked.
///
/// @param connectTimeout for name resolution, TCP and TLS together
/// @param answerTimeout from the request to the answer's head, and how long nothing of its body may come; long
///     polls add their own wait
/// @param wholeAnswerTimeout from the request to the answer's end; long polls add their own wait
/// @param answerLimit the largest answer with bundles; every other is much smaller
@Validated
@ConfigurationProperties("shareferry.neighbours")
record NeighbourProperties(
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration answerTimeout,
        @DefaultValue("5m") Duration wholeAnswerTimeout,
        @DefaultValue("20MB") DataSize answerLimit) {}
