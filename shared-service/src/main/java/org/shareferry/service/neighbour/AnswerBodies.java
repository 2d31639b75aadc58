// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Parses response bodies of neighbours, in CBOR. Unknown properties are ignored, so that members can be upgraded
/// one by one. Signed parts are opaque here; the code that verifies them parses them strictly.
public final class AnswerBodies {
    private final ObjectReader reader;

    /// @param cbor a mapper with [ShareferryModule]
    public AnswerBodies(CBORMapper cbor) {
        this.reader = cbor.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /// @return empty when the body does not match the type
    public <T> Optional<T> read(Bytes body, Class<T> type) {
        try {
            return Optional.ofNullable(reader.forType(type).readValue(body.toArray()));
        } catch (JacksonException | ProblemException e) {
            return Optional.empty();
        }
    }

    /// @return empty when this part of a body does not match the type
    public <T> Optional<T> read(JsonNode part, Class<T> type) {
        try {
            return Optional.ofNullable(reader.forType(type).readValue(part));
        } catch (JacksonException | ProblemException e) {
            return Optional.empty();
        }
    }
}
