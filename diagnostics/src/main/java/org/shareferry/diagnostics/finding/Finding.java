// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.finding;

import java.util.Optional;

/// The result of one check.
/// @param area of the check
/// @param checked the checked item, such as `C0.pem`
/// @param fault what is wrong, if anything is
/// @param cause what is wrong and its consequence; without a fault, what was found
/// @param fix a command that fixes the fault, optionally with a `# remark`; present exactly if there is a fault
public record Finding(Area area, String checked, Optional<Fault> fault, String cause, Optional<String> fix) {
    public Finding {
        if (fault.isPresent() != fix.isPresent()) {
            throw new IllegalArgumentException("A fault needs a remedy.");
        }
    }

    /// @param seen what was found, for people
    public static Finding fine(Area area, String checked, String seen) {
        return new Finding(area, checked, Optional.empty(), seen, Optional.empty());
    }

    /// @param cause what is wrong, for people
    /// @param fix a command
    public static Finding of(Area area, String checked, Fault fault, String cause, String fix) {
        return new Finding(area, checked, Optional.of(fault), cause, Optional.of(fix));
    }

    /// @return the severity
    public Severity severity() {
        return fault.map(Fault::severity).orElse(Severity.OK);
    }

    /// @return whether something does not work
    public boolean isFault() {
        return severity() == Severity.FAULT;
    }

    /// @return one line for logs and for the error at start-up
    public String sentence() {
        return checked + ": " + cause
                + fix.map(command -> " Fix it with: " + command).orElse("");
    }
}
