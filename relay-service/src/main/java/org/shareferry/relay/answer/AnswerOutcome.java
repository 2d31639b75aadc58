// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

/// The result of receiving an answer.
sealed interface AnswerOutcome {
    /// The statement matches the request; its masked values must follow.
    /// @param intake receives them; the caller closes it
    record Begun(AnswerUpload intake) implements AnswerOutcome {}

    /// The answer is stored completely.
    record Stored() implements AnswerOutcome {}

    /// The same answer was already stored.
    record StoredBefore() implements AnswerOutcome {}

    /// A different answer was already stored. This one is kept as evidence.
    record Differs() implements AnswerOutcome {}

    /// The answer does not match the request.
    /// @param why the reason, for people
    record Invalid(String why) implements AnswerOutcome {}

    /// There is no such request for the client.
    record Unknown() implements AnswerOutcome {}

    /// The client's quota is exceeded.
    record QuotaUsedUp() implements AnswerOutcome {}
}
