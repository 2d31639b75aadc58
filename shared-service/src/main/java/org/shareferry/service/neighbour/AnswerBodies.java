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

/// Reads what neighbours answer, in CBOR. A neighbour of a newer version may answer with more properties than we know:
/// these are ignored, so that members can be upgraded one by one. What is signed is opaque here, and is read strictly
/// by whoever verifies it.
public final class AnswerBodies {
    private final ObjectReader reader;

    /// @param cbor knows the project's types
    public AnswerBodies(CBORMapper cbor) {
        this.reader = cbor.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /// @return empty when the body has another form than the type
    public <T> Optional<T> read(Bytes body, Class<T> type) {
        try {
            return Optional.ofNullable(reader.forType(type).readValue(body.toArray()));
        } catch (JacksonException | ProblemException e) {
            return Optional.empty();
        }
    }

    /// @return empty when this part of a body has another form than the type
    public <T> Optional<T> read(JsonNode part, Class<T> type) {
        try {
            return Optional.ofNullable(reader.forType(type).readValue(part));
        } catch (JacksonException | ProblemException e) {
            return Optional.empty();
        }
    }
}
