// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.client.input.InputStore.Waiting;
import org.shareferry.delivery.PartySet;

/// The API's answer to an input: what it waits for, and whether older requests need an explicit answer.
@Schema(name = "StoredInput")
record StoredInput(
        @Schema(description = "Under which it is stored") String id,

        @Schema(
                description =
                        "`wait`: it waits for a request. `answer-requests`: `openRequests` have no answer, and do not"
                                + " use it. `done`: it no longer waits, and nothing remains to be done")
        Next next,

        @Schema(description = "What to do, for people") String detail,

        @Schema(
                description = "Requests of its parties with this label that do not use it and that accept values, the"
                        + " oldest first")
        List<ShownRequest> openRequests) {

    /// What the user has to do.
    enum Next {
        WAIT,
        ANSWER_REQUESTS,
        DONE;

        /// @return the name in kebab case, as in the API
        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @param now the input that waits now for its label and parties
    static StoredInput of(
            String id, InputParameters parameters, Optional<Waiting> now, List<ShownRequest> openRequests) {
        boolean isWaiting = now.filter(waiting -> waiting.id().equals(id)).isPresent();
        var state = isWaiting
                ? "The input waits for the next request with label " + parameters.label() + " of the parties "
                        + parameters.parties() + "."
                : "The input no longer waits: a request has used it, or it was deleted.";
        if (openRequests.isEmpty()) {
            return new StoredInput(id, isWaiting ? Next.WAIT : Next.DONE, state, List.of());
        }
        var detail = state + " " + unused(openRequests)
                + (isWaiting ? ", or run the program again: its new request uses the input." : ".");
        return new StoredInput(id, Next.ANSWER_REQUESTS, detail, openRequests);
    }

    /// The answer if the open requests could not be read.
    static StoredInput withoutRequests(String id) {
        return new StoredInput(
                id,
                Next.WAIT,
                "The input is stored, but the open requests could not be read. See GET /v1/requests.",
                List.of());
    }

    private static String unused(List<ShownRequest> requests) {
        var first = requests.getFirst();
        var which = requests.size() == 1
                ? "The open request " + first.id() + " does not use it: "
                : requests.size() + " open requests with this label do not use it. The oldest is " + first.id() + ": ";
        return which + first.detail() + " Answer it with POST /v1/requests/" + first.id() + "/answer?parties="
                + new PartySet(first.parties());
    }
}
