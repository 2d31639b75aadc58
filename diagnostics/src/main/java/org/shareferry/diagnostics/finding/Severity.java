// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.finding;

/// The severity of a finding.
public enum Severity {
    /// Nothing is wrong.
    OK('✓'),
    /// It works now, but may fail soon or needs attention.
    WARNING('!'),
    /// It does not work.
    FAULT('✗');

    private final char sign;

    Severity(char sign) {
        this.sign = sign;
    }

    /// @return the sign in the table
    public char sign() {
        return sign;
    }
}
