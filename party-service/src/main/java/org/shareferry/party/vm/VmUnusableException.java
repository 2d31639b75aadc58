// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

/// What is at hand cannot lead to a connection with the VM. The message tells what, where and what to do.
final class VmUnusableException extends Exception {
    private static final long serialVersionUID = 1;

    VmUnusableException(String message) {
        super(message);
    }

    VmUnusableException(String message, Throwable cause) {
        super(message, cause);
    }

    /// @return what, where and what to do; safe to show
    String reason() {
        return String.valueOf(getMessage());
    }
}
