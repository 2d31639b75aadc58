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

/// Whether an input may answer a request. Nothing here depends on values: whether a request fits must not tell them.
final class Consent {
    private Consent() {}

    /// @param waiting for the request's label and parties
    /// @return why this input is not used; empty when it is
    static Optional<String> objection(OpenRequest request, Waiting waiting) {
        var facts = request.facts();
        var parameters = waiting.parameters();
        if (isOlder(request, waiting)) {
            return Optional.of("It was asked before its input was given; answer it with values of its own.");
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

    /// What had come here before is older than the input, whatever the parties' clocks say.
    private static boolean isOlder(OpenRequest request, Waiting waiting) {
        return !request.created().isAfter(waiting.created())
                || request.received().isBefore(waiting.created());
    }

    private static Optional<String> differs(String what) {
        return Optional.of("The input that waits is for another " + what + ".");
    }

    /// What holds for values that come with the answer, too.
    ///
    /// @param acceptUnverified protocols for which the request need not be verified
    static Optional<String> objection(OpenRequest request, Set<String> acceptUnverified) {
        var facts = request.facts();
        var contradiction = contradiction(facts);
        if (contradiction.isPresent()) {
            return contradiction;
        }
        if (!fit(facts)) {
            return Optional.of("Integers of " + facts.bits() + " bits do not fit " + facts.domain() + ".");
        }
        return request.verdict() == Verdict.VERIFIED || acceptUnverified.contains(facts.protocol())
                ? Optional.empty()
                : Optional.of("It is not verified, and \"acceptUnverified\" does not name its protocol.");
    }

    /// The client's own table of protocols, whatever the parties say.
    private static Optional<String> contradiction(DeliveryFacts facts) {
        var protocol = Protocol.named(facts.protocol());
        return protocol.isEmpty()
                ? Optional.of("Its protocol is not known here.")
                : Protocol.contradiction(facts.protocol(), facts.domain())
                        .or(() -> protocol.get().contradiction(facts.parties().size(), facts.threshold()));
    }

    private static boolean fit(DeliveryFacts facts) {
        return InputValues.fit(facts.bits(), facts.scheme().elementDomain(facts.domain()));
    }
}
