// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import org.shareferry.crypto.SealingKey;

/// What came of looking for a client's key.
public sealed interface KeyLookup {
    /// @param key the one to seal to now
    record Found(SealingKey key) implements KeyLookup {}

    /// There is none to be had now; there may be later.
    ///
    /// @param why a sentence
    record Missing(String why) implements KeyLookup {}
}
