// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.util.Optional;
import java.util.Set;
import org.shareferry.check.Verdict;
import org.shareferry.client.input.InputStore.Waiting;
import org.shareferry.delivery.Protocol;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.InputValues;

/// Decides whether an input may answer a request. The decision does not depend on values, so that it reveals nothing
/// about them.
final class AnswerPolicy {
    private AnswerPolicy() {}

    /// @param waiting the input for the request's label and parties
    /// @return why this input is not used; empty if it is
    static Optional<Unanswered> objection(OpenRequest request, Waiting waiting) {
        var facts = request.facts();
        var parameters = waiting.parameters();
        if (isOlder(request, waiting)) {
            return because(
                    UnansweredReason.ASKED_BEFORE_INPUT,
                    "The request was made before the waiting input was given, so it needs an explicit answer.");
        }
        if (!parameters.protocols().contains(facts.protocol())) {
            return differs("protocol");
        }
        if (waiting.count() != facts.shape().count()) {
            return differs("count");
        }
        if (parameters.precision() != facts.precision()) {
            return differs("precision");
        }
        if (parameters.bits() != facts.bits()) {
            return differs("bits");
        }
        if (parameters.program().size() > 0 && !parameters.program().equals(facts.program())) {
            return differs("program");
        }
        return objection(request, parameters.acceptUnverified());
    }

    /// An input is newer than all requests that had arrived before it, regardless of the parties' clocks.
    private static boolean isOlder(OpenRequest request, Waiting waiting) {
        return !request.created().isAfter(waiting.created())
                || request.received().isBefore(waiting.created());
    }

    private static Optional<Unanswered> differs(String what) {
        return because(UnansweredReason.INPUT_DIFFERS, "The waiting input is for a different value of " + what + ".");
    }

    private static Optional<Unanswered> because(UnansweredReason reason, String detail) {
        return Optional.of(new Unanswered(reason, detail));
    }

    /// The checks that also apply to values given with the answer.
    ///
    /// @param acceptUnverified protocols for which the request need not be verified
    static Optional<Unanswered> objection(OpenRequest request, Set<String> acceptUnverified) {
        return objectionToAny(request.facts()).or(() -> notVerified(request, acceptUnverified));
    }

    /// @return why no input can answer such a request; empty if one can
    static Optional<Unanswered> objectionToAny(DeliveryFacts facts) {
        var contradiction = contradiction(facts);
        if (contradiction.isPresent()) {
            return because(UnansweredReason.PROTOCOL_INVALID, contradiction.get());
        }
        return fit(facts)
                ? Optional.empty()
                : because(
                        UnansweredReason.DOMAIN_TOO_SMALL,
                        "Integers of " + facts.bits() + " bits do not fit " + facts.domain() + ".");
    }

    private static Optional<Unanswered> notVerified(OpenRequest request, Set<String> acceptUnverified) {
        return request.verdict() == Verdict.VERIFIED
                        || acceptUnverified.contains(request.facts().protocol())
                ? Optional.empty()
                : because(
                        UnansweredReason.NOT_VERIFIED,
                        "The request is not verified, and \"acceptUnverified\" does not include its protocol.");
    }

    /// Compares with the client's own table of protocols.
    private static Optional<String> contradiction(DeliveryFacts facts) {
        var protocol = Protocol.named(facts.protocol());
        return protocol.isEmpty()
                ? Optional.of("The request's protocol is unknown here.")
                : Protocol.contradiction(facts.protocol(), facts.domain())
                        .or(() -> protocol.get().contradiction(facts.parties().size(), facts.threshold()));
    }

    private static boolean fit(DeliveryFacts facts) {
        return InputValues.fit(facts.bits(), facts.scheme().elementDomain(facts.domain()));
    }
}
