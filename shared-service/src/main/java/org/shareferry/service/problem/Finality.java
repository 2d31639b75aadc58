// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whether the same request, byte for byte, can succeed after it was refused.
public enum Finality {
    /// It succeeds as soon as the service can take it. The sender repeats it by itself.
    TEMPORARY,
    /// It succeeds after someone has changed something: a setting, a roster, a certificate, a clock, or the version of
    /// the software. The sender keeps it and offers it again rarely, or at once when told to.
    CURABLE,
    /// It never succeeds, whatever is changed: the fault is in the bytes themselves.
    FINAL;

    /// @return the name in lower case, as it stands in answers and documents
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
