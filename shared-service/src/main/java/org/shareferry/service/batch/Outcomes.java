// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.shareferry.receipt.SignedReceipt;

/// The answer to a batch.
///
/// @param outcomes one for each item, in the order of the items; an item without an outcome was not processed and
///     may be sent again
/// @param receipts the client's receipts for the bundles that it accepted
@Schema(name = "Outcomes")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Outcomes(
        @JsonInclude(JsonInclude.Include.ALWAYS) List<Outcome> outcomes, List<SignedReceipt> receipts) {
    public Outcomes {
        outcomes = List.copyOf(outcomes);
        receipts = List.copyOf(receipts);
    }

    public Outcomes(List<Outcome> outcomes) {
        this(outcomes, List.of());
    }
}
