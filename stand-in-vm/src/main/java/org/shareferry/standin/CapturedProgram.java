// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.List;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.mpspdz.CapturedDialog;

/// Hands over what a real VM once did.
///
/// @param dialog of one party
/// @param protocol what the captured VM ran, which the dialog does not tell
/// @param threshold t, how many corrupt parties it bears
public record CapturedProgram(CapturedDialog dialog, Protocol protocol, int threshold) implements Program {
    /// Of a run whose protocol is the usual one in its domain.
    public CapturedProgram(CapturedDialog dialog) {
        this(dialog, Protocol.usualIn(dialog.domain()), dialog.parties() - 1);
    }

    @Override
    public Domain domain() {
        return dialog.domain();
    }

    @Override
    public RunId run() {
        return dialog.run();
    }

    @Override
    public int party() {
        return dialog.party().number();
    }

    @Override
    public int parties() {
        return dialog.parties();
    }

    @Override
    public List<Output> outputs() {
        return dialog.deliveries().stream().<Output>map(CapturedOutput::new).toList();
    }

    private record CapturedOutput(CapturedDialog.Delivery delivery) implements Output {
        @Override
        public int recipient() {
            return delivery.recipient().number();
        }

        @Override
        public Scheme scheme() {
            return delivery.scheme();
        }

        @Override
        public Shape shape() {
            return delivery.shape();
        }

        @Override
        public int precision() {
            return delivery.precision();
        }

        @Override
        public long label() {
            return delivery.label();
        }

        @Override
        public SecretBytes elements(Place place) {
            var captured = switch (place.kind()) {
                case VALUES -> delivery.chunks().get(place.index()).elements();
                case TAIL -> delivery.chunks().get(place.index()).tail().orElseThrow();
                case MASKS -> delivery.committed().orElseThrow().masks();
                case CLOSING -> throw new IllegalArgumentException("A VM hands over no closing envelope.");
            };
            return SecretBytes.copyOf(captured.reveal());
        }
    }
}
