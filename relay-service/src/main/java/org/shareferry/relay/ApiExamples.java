// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.input.InputStatement;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Examples for the OpenAPI document of values that are opaque in JSON, made from the real types. They are
/// well-formed; their keys and signatures are all zeros, so they do not verify.
@Configuration(proxyBeanMethods = false)
class ApiExamples {
    private static final int TAG_SIZE = 16;
    private static final Instant TIME = Instant.parse("2026-06-01T12:00:00Z");
    private static final KeyId KEY = new KeyId(Bytes.of(new byte[Sha256.SIZE]));
    private static final Bytes SIGNATURE = Bytes.of(new byte[Envelope.SIGNATURE_SIZE]);
    private static final MemberName SENDER = MemberName.party(1);
    private static final MemberName CLIENT = MemberName.client(0);

    @Bean
    OpenApiCustomizer opaqueExamples(JsonMapper json) {
        var envelope = asMap(json, envelope());
        var receipt = asMap(json, receipt());
        var announcement = asMap(json, announcement());
        var answer = asMap(json, answer());
        return api -> {
            request(post(api, "/v1/envelopes"), envelope);
            request(
                    post(api, "/v1/bundles/outcomes"),
                    Map.of("receipts", List.of(receipt), "refusals", List.of(refusal())));
            response(post(api, "/v1/bundles/outcomes"), Map.of("outcomes", List.of(Map.of("status", 204))));
            request(post(api, "/v1/envelopes/lacking"), Map.of("envelopes", List.of(KEY.toString())));
            response(post(api, "/v1/envelopes/lacking"), Map.of("lacking", List.of(KEY.toString())));
            response(
                    get(api, "/v1/receipts"),
                    Map.of(
                            "feed",
                            "7c0f5a52-5f0c-4c0e-9b52-6f3f0a0e4d0c",
                            "complete",
                            17,
                            "entries",
                            List.of(entry(receipt))));
            request(post(api, "/v1/redeliveries"), Map.of("recipient", "C0", "since", "2026-06-01T02:00:00Z"));
            request(there(api.getPaths(), "/v1/members/{name}/keys").getPut(), announcement);
            response(get(api, "/v1/members/{name}/keys"), announcement);
            response(get(api, "/v1/answers"), answer);
            response(get(api, "/v1/bundles"), Map.of("bundles", List.of(Map.of("envelopes", List.of(envelope)))));
            response(get(api, "/v1/deliveries/{id}/receipts"), Map.of("receipts", List.of(placed(receipt()))));
        };
    }

    /// The library that writes the document does not know the project's types, only maps and strings.
    private static Map<?, ?> asMap(JsonMapper json, Object example) {
        return json.readValue(json.writeValueAsString(example), Map.class);
    }

    private static <T> T there(Map<String, T> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    private static Operation get(OpenAPI api, String path) {
        return there(api.getPaths(), path).getGet();
    }

    private static Operation post(OpenAPI api, String path) {
        return there(api.getPaths(), path).getPost();
    }

    private static void request(Operation operation, Object example) {
        set(operation.getRequestBody().getContent(), example);
    }

    private static void response(Operation operation, Object example) {
        set(there(operation.getResponses(), "200").getContent(), example);
    }

    private static void set(Content content, Object example) {
        there(content, MediaType.APPLICATION_JSON_VALUE).setExample(example);
    }

    private static Envelope envelope() {
        var facts = new DeliveryFacts(
                DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0"),
                new Shape(1, 1),
                new Domain.Ring(128, 64),
                Scheme.ADDITIVE,
                0,
                0,
                CLIENT,
                List.of(MemberName.party(0), SENDER),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.empty());
        var header = new Header(facts, new Place(Kind.VALUES, 0), SENDER, KEY, KEY, TIME);
        try {
            return Envelope.of(
                    header.encode(),
                    Bytes.of(new byte[Envelope.ENC_SIZE]),
                    Bytes.of(new byte[header.bodySize() + TAG_SIZE]),
                    SIGNATURE);
        } catch (MalformedException e) {
            throw new IllegalStateException("The example is not an envelope.", e);
        }
    }

    private static SignedReceipt receipt() {
        var receipt = Receipt.of(
                envelope().header().facts().id(),
                envelope().header().place(),
                CLIENT,
                KEY,
                TIME,
                Map.of(SENDER, new EnvelopeId(KEY.digest())));
        return new SignedReceipt(receipt.encode(), SIGNATURE);
    }

    private static Map<String, Object> refusal() {
        return Map.of(
                "delivery",
                envelope().header().facts().id().toString(),
                "parties",
                List.of("P0", "P1"),
                "kind",
                "values",
                "index",
                0,
                "type",
                "/problem-types#ciphertext-wrong",
                "detail",
                "The envelope of P1 does not open.");
    }

    private static Map<String, Object> entry(Map<?, ?> receipt) {
        return Map.of(
                "number",
                17,
                "delivery",
                envelope().header().facts().id().toString(),
                "parties",
                "P0,P1",
                "state",
                "receipt",
                "receipt",
                receipt);
    }

    private static Map<String, Object> placed(SignedReceipt signed) {
        return Map.of(
                "kind",
                "values",
                "index",
                0,
                "receipt",
                signed.receipt().toBase64Url(),
                "signature",
                signed.signature().toBase64Url());
    }

    private static SignedInputStatement answer() {
        var facts = envelope().header().facts();
        var statement = new InputStatement(
                facts.id(),
                CLIENT,
                facts.key().parties(),
                facts.domain(),
                facts.shape(),
                0,
                0,
                64,
                KEY.digest(),
                InputStatement.Answer.GIVEN,
                KEY.digest(),
                KEY,
                TIME);
        return new SignedInputStatement(statement.encode(), SIGNATURE);
    }

    private static SignedKeyAnnouncement announcement() {
        return new SignedKeyAnnouncement(new KeyAnnouncement(CLIENT, KEY, TIME, List.of()).encode(), SIGNATURE);
    }
}
