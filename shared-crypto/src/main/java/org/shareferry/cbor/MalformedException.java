// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cbor;

/// Input that is not what a format asks for. Its text is written by this project, names what and where, and
/// is safe to show to whoever sent the input.
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /// @param reason a sentence: what is wrong, and where
    public MalformedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /// @return what is wrong, and where
    public String reason() {
        return reason;
    }
}
