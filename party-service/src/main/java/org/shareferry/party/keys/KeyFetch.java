// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import org.shareferry.keys.SignedKeyAnnouncement;

/// What came of asking the relay for a client's keys.
sealed interface KeyFetch {
    /// @param announcement as the relay gave it, not yet believed
    record Fetched(SignedKeyAnnouncement announcement) implements KeyFetch {}

    /// @param why a sentence
    record NotFetched(String why) implements KeyFetch {}
}
