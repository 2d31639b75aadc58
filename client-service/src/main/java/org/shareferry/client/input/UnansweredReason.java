// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Why a request has no answer, for programs.
enum UnansweredReason {
    /// No input is waiting for its label and parties.
    NO_INPUT(true),
    /// It was made before the waiting input was given.
    ASKED_BEFORE_INPUT(true),
    /// The waiting input has another protocol, count, precision, bits or program.
    INPUT_DIFFERS(true),
    /// It is not verified, and `acceptUnverified` does not include its protocol.
    NOT_VERIFIED(true),
    /// The client's settings for its parties do not allow the input.
    NOT_ALLOWED(false),
    /// Its protocol is unknown, or contradicts its domain, parties or threshold.
    PROTOCOL_INVALID(false),
    /// Its domain is too small for integers of its bits.
    DOMAIN_TOO_SMALL(false),
    /// Its check failed.
    REJECTED(false),
    /// Its envelopes were deleted.
    ENVELOPES_DELETED(false),
    /// It is older than `shareferry.client.request-lifetime`.
    TOO_OLD(false),
    /// It was made before this client began to answer, or was restored.
    ASKED_BEFORE_START(false),
    /// It is about to be answered.
    ANSWER_PENDING(false);

    private final boolean acceptsValues;

    UnansweredReason(boolean acceptsValues) {
        this.acceptsValues = acceptsValues;
    }

    /// @return whether its user can answer it with values
    boolean acceptsValues() {
        return acceptsValues;
    }

    /// @return the name in kebab case, as in the API
    @JsonValue
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
