// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whether the same request, byte for byte, can succeed after a refusal.
public enum Finality {
    /// It succeeds as soon as the service can process it. The sender retries it automatically.
    TEMPORARY,
    /// It can succeed after a change of a setting, a roster, a certificate, a clock or the software version. The
    /// sender keeps it and retries it rarely, or at once on request.
    CURABLE,
    /// It can never succeed, because the request's bytes themselves are wrong.
    FINAL;

    /// @return the name in lower case, as in answers and documents
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
