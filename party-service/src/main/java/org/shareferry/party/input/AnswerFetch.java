// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import java.util.List;
import java.util.Optional;
import org.shareferry.input.InputStatement;
import org.shareferry.input.SignedInputStatement;

/// The result of looking for a client's answer.
public sealed interface AnswerFetch {
    /// The client gave its inputs.
    ///
    /// @param signed the answer as the client signed it
    /// @param statement what it says
    /// @param masked the masked inputs; to be closed
    record Given(SignedInputStatement signed, InputStatement statement, Spool masked) implements AnswerFetch {}

    /// The client refused to give inputs, or rejected the random values.
    record Refused() implements AnswerFetch {}

    /// The client signed an answer to this request that differs from what was asked.
    ///
    /// @param signed the answer as the client signed it
    /// @param what the facts that differ
    record Contradicts(SignedInputStatement signed, List<String> what) implements AnswerFetch {}

    /// There is no answer yet.
    ///
    /// @param problem what went wrong, if something did
    record NotYet(Optional<String> problem) implements AnswerFetch {
        static NotYet because(String problem) {
            return new NotYet(Optional.of(problem));
        }

        static NotYet without() {
            return new NotYet(Optional.empty());
        }
    }
}
