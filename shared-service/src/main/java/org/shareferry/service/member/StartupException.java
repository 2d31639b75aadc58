// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

/// A service that cannot start with what it was given. Its text is one sentence for the operator: what is
/// wrong, where, and what to do.
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param what the sentence
    public StartupException(String what) {
        super(what);
    }

    /// @param what the sentence
    /// @param cause for the log
    public StartupException(String what, Throwable cause) {
        super(what, cause);
    }
}
