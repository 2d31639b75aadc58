// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import java.util.List;
import org.shareferry.service.fixture.ApiDocument;
import org.shareferry.service.fixture.ApiDocumentContract;

/// docs/api/relay.json is made from the controllers and describes all that they take and give.
class ApiDocumentTest implements ApiDocumentContract {
    private static final ApiDocument DOCUMENT = ApiDocument.of(RelayService.class);

    @Override
    public ApiDocument document() {
        return DOCUMENT;
    }

    @Override
    public String file() {
        return "relay.json";
    }

    @Override
    public List<String> allOptional() {
        return List.of();
    }
}
