// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.util.List;
import java.util.Optional;
import org.shareferry.client.check.RandomValues;
import org.shareferry.client.input.AnswerCommitter.NewAnswer;
import org.shareferry.client.input.MaskedInputs.Masked;
import org.shareferry.crypto.Bytes;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.input.InputValues;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.member.OwnMember;
import org.shareferry.share.ElementVector;
import org.springframework.stereotype.Component;

/// Computes m = x + r and signs the answer.
@Component
class AnswerSigner {
    private final RandomValues random;
    private final OwnMember own;

    AnswerSigner(RandomValues random, OwnMember own) {
        this.random = random;
        this.own = own;
    }

    /// @param inputs the requested number of values, with the requested bits
    NewAnswer give(OpenRequest request, AnswerValues inputs) {
        var masked = new MaskedInputs();
        var closing = random.each(request.facts(), (first, values) -> mask(inputs, first, values, masked));
        var whole = masked.finish();
        return new NewAnswer(sign(request, Answer.GIVEN, closing, whole.digest()), whole, inputs.waiting());
    }

    private static void mask(AnswerValues inputs, long first, ElementVector values, MaskedInputs masked) {
        try (var range = InputValues.restore(inputs.range(first, values.size()), inputs.bits())) {
            range.mask(values, 0);
            try (var encoded = values.encode()) {
                masked.add(encoded);
            }
        }
    }

    NewAnswer refuse(OpenRequest request) {
        return new NewAnswer(
                sign(request, Answer.REFUSED, InputStatement.NOTHING, InputStatement.NOTHING),
                new Masked(List.of(), InputStatement.NOTHING),
                Optional.empty());
    }

    private SignedInputStatement sign(OpenRequest request, Answer answer, Bytes closing, Bytes masked) {
        var facts = request.facts();
        var statement = new InputStatement(
                facts.id(),
                own.name(),
                facts.partySet(),
                facts.domain(),
                facts.shape(),
                facts.precision(),
                facts.label(),
                facts.bits(),
                closing,
                answer,
                masked,
                own.identity().publicKey().id(),
                request.created());
        return SignedInputStatement.sign(statement, own.identity());
    }
}
