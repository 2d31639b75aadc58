// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cbor;

/// Input that does not match its format. The message is written by this project, says what is wrong and where, and
/// is safe to show to the sender of the input.
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
