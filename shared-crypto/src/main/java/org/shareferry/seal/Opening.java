// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import org.shareferry.crypto.SecretBytes;

/// What came of opening an envelope.
public sealed interface Opening {
    /// It was signed by the sender and sealed to us.
    ///
    /// @param body as many bytes as the header calls for; whoever takes it closes it
    record Opened(SecretBytes body) implements Opening {}

    /// It is not to be believed. None of the reasons depends on a share.
    record Refused(Reason reason) implements Opening {}

    /// Why an envelope does not open.
    enum Reason {
        /// The signature is not that of the key the header names, or that key is not the one expected.
        SIGNATURE,
        /// The header names another recipient key than the one at hand.
        RECIPIENT_KEY,
        /// The ciphertext was not made for this key, sender and header.
        CIPHERTEXT
    }
}
