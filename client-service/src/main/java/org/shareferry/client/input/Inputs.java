// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.time.Clock;
import java.util.function.Consumer;
import org.shareferry.client.PartySets;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.stereotype.Component;

/// Receives inputs. They are encoded and checked while they are read, and wait when they are complete.
@Component
class Inputs {
    private final InputStore store;
    private final PartySets partySets;
    private final Clock clock;

    Inputs(InputStore store, PartySets partySets, Clock clock) {
        this.store = store;
        this.partySets = partySets;
        this.clock = clock;
    }

    /// @param values passes all values to the encoder
    /// @return the id of the waiting input
    /// @throws ProblemException when it is invalid, or another one waits
    String take(InputParameters parameters, Consumer<InputEncoder> values) {
        parameters.requireUntilAfter(clock.instant());
        partySets.objection(parameters.parties(), parameters.acceptUnverified()).ifPresent(why -> {
            throw InputEncoder.invalid(why);
        });
        if (store.hasWaiting(parameters.label(), parameters.parties())) {
            throw another(parameters);
        }
        var id = store.begin(parameters);
        boolean isWaiting = false;
        try {
            var encoder = new InputEncoder(
                    parameters.precision(), parameters.bits(), (index, raw) -> store.addRow(id, index, raw));
            values.accept(encoder);
            isWaiting = store.finish(id, encoder.finish());
        } finally {
            if (!isWaiting) {
                store.delete(id);
            }
        }
        if (!isWaiting) {
            throw another(parameters);
        }
        return id;
    }

    private static ProblemException another(InputParameters parameters) {
        return new ProblemException(Problem.of(
                ProblemType.INPUT_WAITS,
                "An input is already waiting for label " + parameters.label() + " and the parties "
                        + parameters.parties() + "."));
    }
}
