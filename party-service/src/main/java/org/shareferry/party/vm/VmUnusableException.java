// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

/// Local certificates or keys for the VM are unusable. The message says what is wrong, where, and what to do.
final class VmUnusableException extends Exception {
    private static final long serialVersionUID = 1;

    VmUnusableException(String message) {
        super(message);
    }

    VmUnusableException(String message, Throwable cause) {
        super(message, cause);
    }

    /// @return the message, without secrets
    String reason() {
        return String.valueOf(getMessage());
    }
}
