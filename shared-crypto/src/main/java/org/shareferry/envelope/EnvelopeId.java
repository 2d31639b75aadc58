// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;

/// The id of an envelope: SHA-256 of its header, enc, signature and the digest of its ciphertext.
///
/// @param digest 32 bytes
public record EnvelopeId(Bytes digest) {
    public EnvelopeId {
        if (digest.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("An envelope id must have 32 bytes, not " + digest.size() + ".");
        }
    }

    @Override
    public String toString() {
        return digest.toHex();
    }
}
