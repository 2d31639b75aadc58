// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;

/// What came of one attempt to submit one envelope.
sealed interface Attempt {
    /// The relay has it.
    record Accepted() implements Attempt {}

    /// The relay will never take it.
    record Refused(Refusal why) implements Attempt {}

    /// The relay takes it after someone has changed something.
    record Held(Refusal why) implements Attempt {}

    /// The relay may take it later.
    record Postponed(String reason, Optional<Duration> retryAfter) implements Attempt {}

    /// It was not tried, because another envelope of the delivery was just refused or postponed.
    record Skipped() implements Attempt {}
}
