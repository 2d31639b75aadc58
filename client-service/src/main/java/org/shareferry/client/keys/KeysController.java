// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.keys;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "keys", description = "The client's announced keys")
class KeysController {
    private final OpeningKeys keys;

    KeysController(OpeningKeys keys) {
        this.keys = keys;
    }

    @GetMapping(
            path = "/v1/keys",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "showKeys",
            summary = "The keys to seal to",
            description = "Public X-Wing keys with their validity, in deterministic CBOR, signed with the client's"
                    + " identity key (docs/envelope-format.md).")
    SignedKeyAnnouncement announcement() {
        return keys.announcement();
    }
}
