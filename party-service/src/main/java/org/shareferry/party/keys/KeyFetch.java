// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import org.shareferry.keys.SignedKeyAnnouncement;

/// The result of fetching a client's keys from the relay.
sealed interface KeyFetch {
    /// @param announcement from the relay, not verified yet
    record Fetched(SignedKeyAnnouncement announcement) implements KeyFetch {}

    /// @param why the reason, for people
    record NotFetched(String why) implements KeyFetch {}
}
