// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

/// The service cannot start with its settings or files. The message is for the operator: what is wrong, where, and
/// what to do.
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param what the message
    public StartupException(String what) {
        super(what);
    }

    /// @param what the message
    /// @param cause for the log
    public StartupException(String what, Throwable cause) {
        super(what, cause);
    }
}
