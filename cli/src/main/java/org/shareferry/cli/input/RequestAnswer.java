// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.JsonText;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;

/// Where and how an open request is answered with values.
///
/// @param id of the request
/// @param parties of the request, if several requests have the id
/// @param acceptUnverified protocols for which it need not be verified
record RequestAnswer(DeliveryId id, Optional<PartySet> parties, List<String> acceptUnverified) {
    RequestAnswer {
        acceptUnverified = List.copyOf(acceptUnverified);
    }

    static RequestAnswer of(String id, Optional<String> parties, Optional<String> acceptUnverified)
            throws CommandException {
        try {
            return new RequestAnswer(
                    DeliveryId.parse(id),
                    parties.map(PartySet::parse),
                    acceptUnverified.map(names -> List.of(names.split(","))).orElse(List.of()));
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "An id is 32 hex digits, a hyphen and a number, and --parties is such as P0,P1.", e);
        }
    }

    /// @return the path for a body of JSON, which has all other parameters
    String pathForJson() {
        return path(Stream.empty());
    }

    /// @param size of each raw integer, in bytes
    /// @return the path for a body of CSV or raw integers
    String pathForFile(Optional<String> size) {
        var accepted = acceptUnverified.isEmpty()
                ? Stream.<String>empty()
                : Stream.of("acceptUnverified=" + encoded(String.join(",", acceptUnverified)));
        return path(Stream.concat(accepted, size.stream().map(bytes -> "size=" + encoded(bytes))));
    }

    private String path(Stream<String> more) {
        var query = Stream.concat(parties.stream().map(set -> "parties=" + encoded(set.toString())), more)
                .collect(Collectors.joining("&"));
        return "/v1/requests/" + id + "/answer" + (query.isEmpty() ? "" : "?" + query);
    }

    /// @param values decimal numbers
    byte[] json(List<String> values) {
        var root = JsonText.object();
        values.forEach(root.putArray("values")::add);
        if (!acceptUnverified.isEmpty()) {
            acceptUnverified.forEach(root.putArray("acceptUnverified")::add);
        }
        return JsonText.of(root).getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
