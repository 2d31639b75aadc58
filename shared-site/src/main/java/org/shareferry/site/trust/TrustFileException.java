// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

/// A file of pins or authorities is unusable. The message says what is wrong, where, and what to do.
public final class TrustFileException extends Exception {
    private static final long serialVersionUID = 1L;

    TrustFileException(String what) {
        super(what);
    }

    /// @return the message
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
