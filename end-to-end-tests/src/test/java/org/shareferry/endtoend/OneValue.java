// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.util.List;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.Output;
import org.shareferry.standin.Program;

/// One party's part of a program that delivers one value to C0. P0's share is the value and the other shares are 0:
/// services re-randomise them.
///
/// @param run the run's id
/// @param party the party's number
/// @param parties N
/// @param label of the delivery
/// @param value at least 0
record OneValue(RunId run, int party, int parties, long label, long value) implements Program {
    private static final Shape SHAPE = new Shape(1, 1);

    @Override
    public Domain domain() {
        return Computations.RING;
    }

    @Override
    public List<Output> outputs() {
        return List.of(new Delivered());
    }

    private SecretBytes elements(int count, long first) {
        var content = new byte[count * domain().elementBytes()];
        for (int i = 0; i < Long.BYTES; i++) {
            content[i] = (byte) (first >>> (8 * i));
        }
        return SecretBytes.takeOver(content);
    }

    private final class Delivered implements Output {
        @Override
        public int recipient() {
            return 0;
        }

        @Override
        public Scheme scheme() {
            return Scheme.COMMITTED;
        }

        @Override
        public Shape shape() {
            return SHAPE;
        }

        @Override
        public int precision() {
            return 0;
        }

        @Override
        public long label() {
            return label;
        }

        @Override
        public SecretBytes elements(int chunk) {
            return OneValue.this.elements(1, party == 0 ? value : 0);
        }

        /// The masks.
        @Override
        public SecretBytes checkElements(int chunk) {
            return OneValue.this.elements(SHAPE.checkElementsInChunk(scheme(), chunk), 0);
        }
    }
}
