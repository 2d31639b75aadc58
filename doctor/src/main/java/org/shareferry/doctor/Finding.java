// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.util.Optional;

/// One thing that was looked at, and what was seen.
///
/// @param area what it belongs to
/// @param checked what was looked at, such as `C0.pem`
/// @param fault what is wrong, if anything is
/// @param cause a sentence: what is wrong and what comes of it; if nothing is wrong, what was seen
/// @param mend a command that mends it, perhaps with a `# remark`; there is one exactly when there is a fault
public record Finding(Area area, String checked, Optional<Fault> fault, String cause, Optional<String> mend) {
    public Finding {
        if (fault.isPresent() != mend.isPresent()) {
            throw new IllegalArgumentException("A fault is named together with what mends it.");
        }
    }

    /// @param seen what was seen, for people
    public static Finding fine(Area area, String checked, String seen) {
        return new Finding(area, checked, Optional.empty(), seen, Optional.empty());
    }

    /// @param cause a sentence
    /// @param mend a command
    public static Finding of(Area area, String checked, Fault fault, String cause, String mend) {
        return new Finding(area, checked, Optional.of(fault), cause, Optional.of(mend));
    }

    /// @return how bad it is
    public Severity severity() {
        return fault.map(Fault::severity).orElse(Severity.OK);
    }

    /// @return whether it does not work
    public boolean isFault() {
        return severity() == Severity.FAULT;
    }

    /// @return one line for logs and for the words with which a service refuses to start
    public String sentence() {
        return checked + ": " + cause
                + mend.map(command -> " Mend it with: " + command).orElse("");
    }
}
