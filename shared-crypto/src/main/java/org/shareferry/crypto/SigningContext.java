// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.List;

/// The purpose of a signature. Its label is the beginning of the signed bytes, so a signature for one purpose is
/// never valid for another.
public enum SigningContext {
    /// An envelope of shares.
    ENVELOPE("shareferry envelope v1"),
    /// A closing envelope of a committed delivery.
    CLOSING_ENVELOPE("shareferry closing envelope v1"),
    /// A client's list of sealing keys.
    KEY_ANNOUNCEMENT("shareferry key announcement v1"),
    /// A client's receipt for bundles.
    RECEIPT("shareferry receipt v2"),
    /// A client's answer to a request for inputs.
    INPUT("shareferry input v1"),
    /// What a member tells others of itself.
    INVITE("shareferry invite v1");

    private final Bytes label;

    SigningContext(String label) {
        this.label = Bytes.ascii(label);
    }

    /// @return the bytes that are signed: label and parts, each preceded by its length as 8 bytes, little-endian
    public Bytes message(List<Bytes> parts) {
        return Framing.lengthPrefixed(label, parts);
    }
}
