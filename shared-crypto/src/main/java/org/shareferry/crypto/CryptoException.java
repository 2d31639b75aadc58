// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// A key, an encapsulation, a ciphertext or a signature that cannot be what it claims to be. The one
/// exception with which this package refuses input; its text is written here and safe to show.
public final class CryptoException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param what a sentence that says what was refused; never contains secret bytes
    public CryptoException(String what) {
        super(what);
    }

    CryptoException(String what, Throwable cause) {
        super(what, cause);
    }
}
