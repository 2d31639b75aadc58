// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.member.MemberName;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.SettableClock;
import tools.jackson.databind.JsonNode;

/// The operations and examples of the OpenAPI document, as a running relay serves it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiExamplesTest {
    private RunningRelay relay;
    private World world;
    private JsonNode document;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        relay = RunningRelay.start(world, new SettableClock());
        var reply = relay.as(P0).get("/v3/api-docs");
        document = reply.json();
    }

    @AfterAll
    void stop() {
        relay.close();
    }

    /// @param method in capitals
    private record Described(String path, String method, JsonNode operation) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        JsonNode requestExample() {
            return operation.at("/requestBody/content/application~1json");
        }
    }

    private List<Described> operations() {
        var operations = new ArrayList<Described>();
        for (var path : document.get("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                operations.add(new Described(
                        path.getKey(), operation.getKey().toUpperCase(Locale.ROOT), operation.getValue()));
            }
        }
        return operations;
    }

    @Test
    void the_document_has_every_operation() {
        assertThat(operations())
                .extracting(Described::toString)
                .containsExactlyInAnyOrder(
                        "POST /v1/envelopes",
                        "GET /v1/deliveries",
                        "GET /v1/deliveries/{id}",
                        "GET /v1/deliveries/{id}/receipts",
                        "GET /v1/deliveries/{id}/timeline",
                        "GET /v1/findings",
                        "GET /v1/members",
                        "GET /v1/members/{name}/keys",
                        "PUT /v1/members/{name}/keys",
                        "GET /v1/bundles",
                        "POST /v1/envelopes/lacking",
                        "GET /v1/receipts",
                        "POST /v1/bundles/outcomes",
                        "POST /v1/redeliveries",
                        "POST /v1/answers",
                        "GET /v1/answers",
                        "GET /v1/answers/values");
    }

    @Test
    void every_answer_and_every_request_with_a_body_has_an_example() {
        assertThat(operations()).allSatisfy(described -> {
            var json = described.operation().at("/responses/200/content/application~1json");
            assertThat(json.isMissingNode() || json.has("example") || json.has("examples"))
                    .isTrue();
            var takesBytes = described.operation().at("/requestBody/content").has("application/cbor-seq");
            if (described.operation().has("requestBody") && !takesBytes) {
                assertThat(described.requestExample().has("example")).isTrue();
            }
        });
    }

    @Test
    void the_relay_can_parse_every_example() {
        assertThat(paste("POST /v1/envelopes", P1)).isEqualTo("sender-unknown");
        assertThat(paste("PUT /v1/members/{name}/keys", C0)).isEqualTo("announcement-wrong");
        assertThat(reply("POST /v1/bundles/outcomes", C0).json().at("/outcomes"))
                .extracting(outcome -> outcome.at("/problem/type").asString())
                .containsExactly("/problem-types#announcement-wrong", "/problem-types#not-found");
        assertThat(reply("POST /v1/envelopes/lacking", P1).json().get("lacking"))
                .hasSize(1);
    }

    private String paste(String operation, MemberName caller) {
        return reply(operation, caller).problem();
    }

    private Caller.Reply reply(String operation, MemberName caller) {
        var described = operations().stream()
                .filter(each -> each.toString().equals(operation))
                .findFirst()
                .orElseThrow();
        var body = described.requestExample().get("example").toString();
        var path = described.path().replace("{name}", caller.toString());
        return described.method().equals("PUT")
                ? relay.as(caller).putJson(path, body)
                : relay.as(caller).postJson(path, body);
    }

    @Test
    void swagger_ui_is_served_to_members() {
        assertThat(relay.as(P0).get("/swagger-ui/index.html", "text/html").status())
                .isEqualTo(200);
        assertThat(relay.as("stranger")
                        .get("/swagger-ui/index.html", "text/html")
                        .status())
                .isEqualTo(403);
    }
}
