// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// An invalid key, encapsulation, ciphertext or signature. It is the only exception with which this package refuses
/// input. The message is safe to show.
public final class CryptoException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param what the message; never contains secret bytes
    public CryptoException(String what) {
        super(what);
    }

    CryptoException(String what, Throwable cause) {
        super(what, cause);
    }
}
