// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.trust;

/// A file of pins or authorities that cannot be used. Its text is written by this project: what is wrong, where, and
/// what to do.
public final class TrustFileException extends Exception {
    private static final long serialVersionUID = 1L;

    TrustFileException(String what) {
        super(what);
    }

    /// @return the sentence
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
