// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import org.shareferry.check.Verdict;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.envelope.DeliveryFacts;
import tools.jackson.databind.json.JsonMapper;

/// What a receiver is told of one delivery: ids, label, count and verdict, never values or shares.
///
/// Requests about results have the same length for every verdict, so that who sees encrypted requests
/// pass does not learn it.
///
/// @param type of the event
/// @param facts of the delivery
/// @param verdict empty if it expired
/// @param ended when it was checked or expired
record WebhookEvent(Type type, DeliveryFacts facts, Optional<Verdict> verdict, Instant ended) {
    /// Of constant length.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final int ID_DIGITS = 32;
    private static final int LONGEST_VERDICT = Arrays.stream(Verdict.values())
            .mapToInt(verdict -> verdict.name().length())
            .max()
            .orElseThrow();

    /// What happened.
    enum Type {
        /// A delivery has a verdict.
        RESULT_CHECKED("result.checked"),
        /// A delivery did not arrive in time.
        RESULT_EXPIRED("result.expired"),
        /// A request for inputs waits for its answer.
        REQUEST_OPENED("request.opened");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /// @return the same for every attempt, also after the database was restored from a backup
    String id() {
        var named = String.join(
                "\n",
                type.text(),
                facts.recipient().toString(),
                facts.key().toString(),
                verdict.map(Verdict::name).orElse(""));
        return "msg_"
                + Sha256.of(Bytes.of(named.getBytes(StandardCharsets.UTF_8)))
                        .toHex()
                        .substring(0, ID_DIGITS);
    }

    /// @return the body: JSON, and spaces after it that make up for a shorter verdict
    Bytes body(JsonMapper json) {
        var event = json.createObjectNode().put("type", type.text()).put("timestamp", TIME.format(ended));
        var data = event.putObject("data")
                .put("client", facts.recipient().toString())
                .put("id", facts.id().toString());
        var parties = data.putArray("parties");
        facts.parties().forEach(party -> parties.add(party.toString()));
        data.put("label", Long.toString(facts.label()))
                .put("scheme", facts.scheme().text())
                .put("protocol", facts.protocol())
                .put("count", facts.shape().count());
        verdict.ifPresent(found -> data.put("verdict", found.name()));
        var ofParties = "?parties=" + facts.partySet();
        var links = data.putObject("links").put("result", "/v1/results/" + facts.id() + ofParties);
        if (type == Type.REQUEST_OPENED) {
            links.put("answer", "/v1/requests/" + facts.id() + "/answer" + ofParties);
        }
        return Bytes.of((json.writeValueAsString(event) + padding()).getBytes(StandardCharsets.UTF_8));
    }

    private String padding() {
        return verdict.map(found -> " ".repeat(LONGEST_VERDICT - found.name().length()))
                .orElse("");
    }
}
