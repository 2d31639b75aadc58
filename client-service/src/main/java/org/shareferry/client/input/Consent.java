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
final class Consent {
    private Consent() {}

    /// @param waiting the input for the request's label and parties
    /// @return why this input is not used; empty if it is
    static Optional<String> objection(OpenRequest request, Waiting waiting) {
        var facts = request.facts();
        var parameters = waiting.parameters();
        if (isOlder(request, waiting)) {
            return Optional.of("The request was made before the waiting input was given. Answer it with values.");
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

    private static Optional<String> differs(String what) {
        return Optional.of("The waiting input is for a different value of " + what + ".");
    }

    /// The checks that also apply to values given with the answer.
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
                : Optional.of("The request is not verified, and \"acceptUnverified\" does not include its protocol.");
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
