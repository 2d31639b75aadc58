// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.Roster;

/// A request for inputs, known by the header of its first envelope.
///
/// @param facts the facts that all its envelopes share
record InputRequest(DeliveryFacts facts) {
    /// Whether a statement matches the request.
    sealed interface Match {
        /// @param statement signed by the client
        record Matches(InputStatement statement) implements Match {}

        /// @param why the difference, for people
        record Mismatch(String why) implements Match {}
    }

    Match match(SignedInputStatement signed, Roster roster) {
        Optional<InputStatement> verified;
        try {
            verified = signed.verify(roster);
        } catch (MalformedException e) {
            return new Match.Mismatch(e.reason());
        }
        if (verified.isEmpty()) {
            return new Match.Mismatch(
                    "The statement is not signed with the identity key that the roster pins for its client.");
        }
        var statement = verified.get();
        var differences = statement.isFor(facts) ? statement.differences(facts) : List.of("request, client or parties");
        return differences.isEmpty()
                ? new Match.Matches(statement)
                : new Match.Mismatch(
                        "The statement differs from the request's header in " + String.join(", ", differences) + ".");
    }

    /// @return the number of bytes of masked values in the answer
    static long maskedSize(InputStatement statement) {
        return statement.answer() == Answer.REFUSED ? 0 : statement.maskedSize();
    }
}
