// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import java.time.Instant;
import org.shareferry.crypto.SealingKey;

/// A sealing key with its validity.
///
/// @param key the public key
/// @param notBefore first moment, to the millisecond
/// @param notAfter last moment, to the millisecond
public record AnnouncedKey(SealingKey key, Instant notBefore, Instant notAfter) {
    public AnnouncedKey {
        notBefore = Instant.ofEpochMilli(notBefore.toEpochMilli());
        notAfter = Instant.ofEpochMilli(notAfter.toEpochMilli());
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException("The validity of a key must not be empty.");
        }
    }

    /// @return whether the key may be used for sealing at this moment
    public boolean isValidAt(Instant moment) {
        return !moment.isBefore(notBefore) && !moment.isAfter(notAfter);
    }
}
