// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.util.List;

/// An input that the service has stored.
///
/// @param id under which it waits
/// @param detail what it waits for, and what to do about open requests
/// @param openRequests requests with its label that do not use it, such as those made before it; they wait for
///     [Inputs#answer]
public record StoredInput(String id, String detail, List<OpenRequest> openRequests) {
    public StoredInput {
        openRequests = List.copyOf(openRequests);
    }

    static StoredInput of(JsonObject json) {
        return new StoredInput(
                json.text("id"),
                json.text("detail"),
                json.objects("openRequests").stream().map(OpenRequest::of).toList());
    }
}
