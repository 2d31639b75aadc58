// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import org.shareferry.crypto.SealingKey;

/// The result of looking up a client's key.
public sealed interface KeyLookup {
    /// @param key the key to seal to
    record Found(SealingKey key) implements KeyLookup {}

    /// There is no valid key now.
    ///
    /// @param why the reason, for people
    record Missing(String why) implements KeyLookup {}
}
