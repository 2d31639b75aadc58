// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.util.List;
import org.shareferry.service.fixture.ApiDocument;
import org.shareferry.service.fixture.ApiDocumentContract;

/// docs/api/party.json is generated from the controllers.
class ApiDocumentTest implements ApiDocumentContract {
    private static final ApiDocument DOCUMENT = ApiDocument.of(PartyService.class);

    @Override
    public ApiDocument document() {
        return DOCUMENT;
    }

    @Override
    public String file() {
        return "party.json";
    }

    @Override
    public List<String> allOptional() {
        return List.of("Redelivery");
    }
}
