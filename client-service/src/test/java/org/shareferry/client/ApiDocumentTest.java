// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.service.fixture.ApiDocument;
import org.shareferry.service.fixture.ApiDocumentContract;

/// docs/api/client.json is made from the controllers and describes all that they take and give.
class ApiDocumentTest implements ApiDocumentContract {
    private static final ApiDocument DOCUMENT = ApiDocument.of(ClientService.class);

    @Override
    public ApiDocument document() {
        return DOCUMENT;
    }

    @Override
    public String file() {
        return "client.json";
    }

    @Override
    public List<String> allOptional() {
        return List.of("AnswerToRequest");
    }

    @Test
    void values_are_described_as_numbers_and_as_exact_texts() {
        var schemas = DOCUMENT.json().at("/components/schemas");
        var contents = DOCUMENT.json().at("/paths/~1v1~1results~1{id}/get/responses/200/content");

        assertThat(schemas.at("/Result/properties/values/items/type").asString())
                .isEqualTo("number");
        assertThat(schemas.at("/ResultInStrings/properties/values/items/type").asString())
                .isEqualTo("string");
        assertThat(schemas.at("/ResultInStrings/properties/label/type").asString())
                .isEqualTo("string");
        assertThat(schemas.at("/Result/properties/label/format").asString()).isEqualTo("int64");
        // Generators take the first: the exact one.
        assertThat(contents.propertyNames())
                .containsExactly(
                        "application/json;numbers=string",
                        "application/json",
                        "text/csv",
                        "application/x-npy",
                        "application/octet-stream");
    }

    @Test
    void the_stream_of_results_is_described() {
        var operation = DOCUMENT.json().at("/paths/~1v1~1results/get");

        assertThat(operation.at("/responses/200/content").has("text/event-stream"))
                .isTrue();
        assertThat(operation.path("parameters").values())
                .extracting(parameter -> parameter.path("name").asString())
                .contains("Last-Event-ID", "since", "numbers");
    }
}
