// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import java.time.Instant;
import org.shareferry.crypto.SealingKey;

/// A sealing key and when it may be sealed to.
///
/// @param key the public key
/// @param notBefore first moment, to the millisecond
/// @param notAfter last moment, to the millisecond
public record AnnouncedKey(SealingKey key, Instant notBefore, Instant notAfter) {
    public AnnouncedKey {
        notBefore = Instant.ofEpochMilli(notBefore.toEpochMilli());
        notAfter = Instant.ofEpochMilli(notAfter.toEpochMilli());
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException("A key is valid for some time.");
        }
    }

    /// @return whether one may seal to the key at this moment
    public boolean isValidAt(Instant moment) {
        return !moment.isBefore(notBefore) && !moment.isAfter(notAfter);
    }
}
