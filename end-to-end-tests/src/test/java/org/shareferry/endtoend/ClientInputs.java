// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What C0's people do about inputs, by REST.
///
/// @param parties of the computations, from P0 on
record ClientInputs(Site site, int parties) {
    private static final String UNTIL = "9999-01-01T00:00:00Z";

    /// What waits for a request.
    ///
    /// @param acceptUnverified whether the request need not be verified
    /// @param values as texts
    record Input(
            Protocol protocol, long label, int precision, int bits, boolean acceptUnverified, List<String> values) {
        Input {
            values = List.copyOf(values);
        }
    }

    private List<String> names() {
        return IntStream.range(0, parties)
                .mapToObj(party -> MemberName.party(party).toString())
                .toList();
    }

    /// @return the HTTP status
    int give(Input input) {
        var protocol = List.of(input.protocol().text());
        return post(
                "/v1/inputs",
                Map.of(
                        "label", input.label(),
                        "parties", names(),
                        "protocols", protocol,
                        "until", UNTIL,
                        "precision", input.precision(),
                        "bits", input.bits(),
                        "acceptUnverified", input.acceptUnverified() ? protocol : List.of(),
                        "values", input.values()));
    }

    /// @return the HTTP status
    int answer(DeliveryId request, List<String> values) {
        return post("/v1/requests/" + request + "/answer", Map.of("values", values));
    }

    /// @param protocol for which the request need not be verified
    /// @return the HTTP status
    int answerUnverified(DeliveryId request, List<String> values, Protocol protocol) {
        return post(
                "/v1/requests/" + request + "/answer",
                Map.of("values", values, "acceptUnverified", List.of(protocol.text())));
    }

    /// @return the HTTP status
    int refuse(DeliveryId request) {
        return post("/v1/requests/" + request + "/answer", Map.of("refuse", true));
    }

    /// Gives integers that are in a file.
    ///
    /// @param raw signed, little-endian
    /// @return the HTTP status
    int give(Protocol protocol, long label, int bits, Path raw) {
        var query = "?label=" + label + "&parties=" + String.join(",", names()) + "&protocols=" + protocol.text()
                + "&until=" + UNTIL + "&bits=" + bits;
        var ran = site.curl(
                "C0",
                "/v1/inputs" + query,
                "-H",
                "Content-Type: application/octet-stream",
                "--data-binary",
                "@" + raw,
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}");
        return Integer.parseInt(ran.output());
    }

    /// Takes back whatever waits.
    void takeBackAll() {
        for (var waiting : site.get("C0", "/v1/inputs").get("inputs")) {
            site.curl("C0", "/v1/inputs/" + waiting.get("id").asString(), "-X", "DELETE");
        }
    }

    private int post(String path, Map<String, Object> body) {
        try {
            var file = Files.createTempFile("inputs", ".json");
            try {
                Files.write(file, JsonMapper.shared().writeValueAsBytes(body));
                return site.post("C0", path, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return what C0 shows of a request that has no answer yet
    Optional<JsonNode> open(DeliveryId request) {
        return site.get("C0", "/v1/requests")
                .get("requests")
                .valueStream()
                .filter(open -> open.get("id").asString().equals(request.toString()))
                .findFirst();
    }

    /// @return m as hex digits; nothing when C0 has given none
    Optional<String> masked(DeliveryId request) {
        try {
            var file = Files.createTempFile("masked", "");
            try {
                var query = "?delivery=" + request + "&parties=" + String.join(",", names());
                var ran = site.curl("C0", "/v1/answers/values" + query, "-f", "-o", file.toString());
                return ran.code() == 0
                        ? Optional.of(Bytes.of(Files.readAllBytes(file)).toHex())
                        : Optional.empty();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
