// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;

/// This service's own record of a request for inputs that its VM made.
///
/// @param facts the facts that all envelopes of the request share
/// @param closing SHA-256 of the encoding of the closing words
public record InputRequest(DeliveryFacts facts, Bytes closing) {
    public InputRequest {
        Objects.requireNonNull(facts);
        Objects.requireNonNull(closing);
    }

    /// @param statement of the client, for this request
    /// @return the names of the facts in which it differs from the request. In a refusal the closing words are
    ///     ignored, because the parties may disagree about them
    List<String> differences(InputStatement statement) {
        var closingDiffers =
                statement.answer() == Answer.GIVEN && !statement.closing().equals(closing);
        return Stream.concat(
                        statement.differences(facts).stream(),
                        closingDiffers ? Stream.of("closing words") : Stream.empty())
                .toList();
    }
}
