// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

/// How bad a finding is.
public enum Severity {
    /// All is well.
    OK('✓'),
    /// It works now, but it may not tomorrow, or somebody should look.
    WARNING('!'),
    /// It does not work.
    FAULT('✗');

    private final char sign;

    Severity(char sign) {
        this.sign = sign;
    }

    /// @return as it stands in the table
    public char sign() {
        return sign;
    }
}
