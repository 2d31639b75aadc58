// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import org.shareferry.crypto.SecretBytes;

/// The result of opening an envelope.
public sealed interface Opening {
    /// The envelope was signed by the sender and sealed to this client.
    ///
    /// @param body with the size that the header requires; the caller closes it
    record Opened(SecretBytes body) implements Opening {}

    /// The envelope is invalid. The reason never depends on a share.
    record Refused(Reason reason) implements Opening {}

    /// Why an envelope cannot be opened.
    enum Reason {
        /// The signature does not verify, or the header names a different identity key than expected.
        SIGNATURE,
        /// The header names a different recipient key.
        RECIPIENT_KEY,
        /// The ciphertext was not made for this key, sender and header.
        CIPHERTEXT
    }
}
