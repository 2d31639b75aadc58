// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

/// What came of an answer.
sealed interface Taking {
    /// Its statement fits, and its masked values are to follow.
    ///
    /// @param intake takes them; the caller closes it
    record Begun(Intake intake) implements Taking {}

    /// It is here, complete, and stays.
    record Stored() implements Taking {}

    /// The same bytes were here before.
    record StoredBefore() implements Taking {}

    /// Another answer is here. This one is kept as evidence.
    record Differs() implements Taking {}

    /// It does not fit the request.
    ///
    /// @param why a sentence
    record Invalid(String why) implements Taking {}

    /// The client has no such request.
    record Unknown() implements Taking {}

    /// The client has as many bytes here as it may.
    record QuotaUsedUp() implements Taking {}
}
