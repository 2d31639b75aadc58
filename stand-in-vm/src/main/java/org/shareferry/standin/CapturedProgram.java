// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.List;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.mpspdz.CapturedDialog;

/// Replays the hand-overs of a real VM.
///
/// @param dialog of one party
/// @param protocol of the captured VM; the dialog does not contain it
/// @param threshold t, the number of corrupt parties that it tolerates
public record CapturedProgram(CapturedDialog dialog, Protocol protocol, int threshold) implements Program {
    /// For a run with the most common protocol of its domain.
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

    /// The taken masked inputs are ignored, because the results computed from the same ones were captured.
    @Override
    public List<ProgramAction> actions() {
        return dialog.events().stream().map(CapturedProgram::action).toList();
    }

    private static ProgramAction action(CapturedDialog.Event event) {
        return switch (event) {
            case CapturedDialog.Delivery delivery -> new ProgramAction.HandOver(new CapturedOutput(delivery));
            case CapturedDialog.Take take -> new ProgramAction.Take(Math.toIntExact(take.asked()));
        };
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
        public int bits() {
            return delivery.bits();
        }

        @Override
        public SecretBytes elements(int chunk) {
            return SecretBytes.copyOf(delivery.chunks().get(chunk).elements().reveal());
        }

        @Override
        public SecretBytes checkElements(int chunk) {
            if (delivery.shape().checkElementsInChunk(delivery.scheme(), chunk) == 0) {
                return SecretBytes.takeOver(new byte[0]);
            }
            var captured = delivery.committed()
                    .map(CapturedDialog.Committed::masks)
                    .or(delivery.chunks().get(chunk)::tail)
                    .orElseThrow();
            return SecretBytes.copyOf(captured.reveal());
        }
    }
}
