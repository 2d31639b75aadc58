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

/// A service's own record of a request for inputs: what it let its VM ask.
///
/// @param facts what all envelopes of the request say
/// @param closing SHA-256 of the encoding of the closing words
public record AskedInput(DeliveryFacts facts, Bytes closing) {
    public AskedInput {
        Objects.requireNonNull(facts);
        Objects.requireNonNull(closing);
    }

    /// @param statement of the client, for this request
    /// @return what it says otherwise than was asked. The closing words do not count in a refusal: the parties may
    ///     disagree about them
    List<String> differences(InputStatement statement) {
        var closingDiffers =
                statement.answer() == Answer.GIVEN && !statement.closing().equals(closing);
        return Stream.concat(
                        statement.differences(facts).stream(),
                        closingDiffers ? Stream.of("closing words") : Stream.empty())
                .toList();
    }
}
