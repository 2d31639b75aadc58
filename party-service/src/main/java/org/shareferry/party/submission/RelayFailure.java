// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Instant;

/// Why nothing can be submitted to the relay now.
///
/// @param reason a sentence's end, such as `R0 did not respond in time`
/// @param since when this began
public record RelayFailure(String reason, Instant since) {}
