// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.fixture.Caller;

/// Malformed requests, and callers that may not submit bundles or read results.
class BundleRequestsOverTlsTest extends InboxFixture {
    @Test
    void a_problem_names_the_fault_in_a_body_and_its_position() {
        assertThat(detail("{\"envelopes\":[],\"envelopes\":[]}"))
                .isEqualTo("The body has the property \"envelopes\" twice near byte 27.");
        assertThat(detail("{\"envelopes\":[")).startsWith("The body ends before it is complete");
        assertThat(detail("{\"envelopes\":[{\"enc\":\"AA==\"}]}"))
                .matches("The property \"enc\" near byte \\d+ must be base64url without padding\\.");
    }

    private String detail(String json) {
        return client.as("R0")
                .postJson("/v1/bundles", json)
                .json()
                .path("detail")
                .asString("");
    }

    @Test
    void malformed_bodies_are_refused_with_a_problem() {
        var relay = client.as("R0");
        refused(relay.postJson("/v1/bundles", "{\"envelopes\":["), 400, "request-malformed");
        refused(relay.postJson("/v1/bundles", "{\"envelopes\":[null]}"), 400, "request-malformed");
        refused(relay.postJson("/v1/bundles", "{\"envelopes\":[],\"more\":1}"), 400, "request-malformed");
        refused(
                relay.post("/v1/bundles", "application/cbor", Bytes.of((byte) 0xa1, (byte) 0x61)),
                400,
                "request-malformed");
        refused(relay.post("/v1/bundles", "text/plain", Bytes.ascii("x")), 415, "media-type-unsupported");
        refused(relay.post("/v1/bundles", "application/cbor", Bytes.of(new byte[300_000])), 413, "body-too-large");
        refused(
                relay.postChunked("/v1/bundles", "application/cbor", Bytes.of(new byte[300_000])::stream),
                400,
                "request-malformed");
    }

    @Test
    void only_the_relay_submits_bundles() {
        var facts = facts();
        var bundle = blank(facts, facts);
        for (var other : List.of("P0", "P1", "C0", "user")) {
            refused(client.as(other).post("/v1/bundles", "application/cbor", bundle.encode()), 403, "not-allowed");
        }
        refused(client.as("stranger").get("/v1/keys"), 403, "member-unknown");
        refused(client.as("expired-certificate").get("/v1/keys"), 403, "certificate-expired");
        assertThatThrownBy(() -> client.withoutCertificate().get("/v1/keys"))
                .isInstanceOf(Caller.NoAnswerException.class);
    }

    @Test
    void only_the_clients_users_read_results() {
        for (var other : List.of("P0", "P1", "R0")) {
            refused(client.as(other).get("/v1/results"), 403, "not-allowed");
            refused(client.as(other).get("/v1/results/" + facts().id()), 403, "not-allowed");
        }
        assertThat(client.as("user").get("/v1/results").status()).isEqualTo(200);
        assertThat(client.as("C0").get("/v1/results").status()).isEqualTo(200);
    }
}
