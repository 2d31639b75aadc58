// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.math.BigInteger;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.share.ElementVector;

/// The content of a delivery of 0, 1, 2, …, chunk by chunk: the plain elements with those of the scheme, and the
/// parties' random shares. Everything is derived from the run's id.
///
/// @param sequence of the delivery in the run
record CountedValues(Domain domain, Scheme scheme, Shape shape, RunId run, int sequence) {
    private static final String LABEL = "stand-in";

    /// @param party that draws
    /// @param what the name of the shared value
    /// @return its share with this number of elements
    ElementVector drawn(int party, String what, int count) {
        return uniform("share of " + party + " " + what, count);
    }

    private ElementVector uniform(String what, int count) {
        var vector = ElementVector.zeros(domain, count);
        try (var seed = SecretBytes.copyOf(run.toBytes().toArray());
                var key = Hkdf.derive(seed, LABEL, List.of(Bytes.ascii(sequence + " " + what)), KeyStream.KEY_SIZE)) {
            vector.fillUniformly(KeyStream.of(key));
        }
        return vector;
    }

    /// @return the sum of the parties' shares of the elements after a chunk's values
    ElementVector behind(int chunk) {
        int count = shape.checkElementsInChunk(scheme, chunk);
        return scheme == Scheme.BATCHED ? tail(chunk) : uniform("masks", count);
    }

    /// The sum of the parties' shares of a chunk's values, in the order of the scheme: y; y, r, y·r; y, r, v, y·r,
    /// v·r; y, y·r with one r for the chunk.
    ElementVector values(int chunk) {
        var y = counted(shape.firstValue(chunk), shape.valuesInChunk(chunk));
        return switch (scheme) {
            case ADDITIVE, COMMITTED, INPUT -> y;
            case TRIPLE -> products(y, uniform("r " + chunk, y.size()), List.of());
            case QUINTUPLE -> products(y, uniform("r " + chunk, y.size()), List.of(uniform("v " + chunk, y.size())));
            case BATCHED -> batched(y, factor(chunk));
        };
    }

    private ElementVector products(ElementVector y, ElementVector r, List<ElementVector> v) {
        int stride = scheme.elementsPerValue();
        var all = ElementVector.zeros(domain, stride * y.size());
        for (int i = 0; i < y.size(); i++) {
            int at = stride * i;
            all.addAt(at, y, i, 1);
            all.addAt(at + 1, r, i, 1);
            for (var other : v) {
                all.addAt(at + 2, other, i, 1);
                all.setProduct(at + 4, other, i, r, i);
            }
            all.setProduct(at + 2 + v.size(), y, i, r, i);
        }
        return all;
    }

    private ElementVector batched(ElementVector y, ElementVector r) {
        var all = ElementVector.zeros(domain, 2 * y.size());
        for (int i = 0; i < y.size(); i++) {
            all.addAt(2 * i, y, i, 1);
            all.setProduct(2 * i + 1, y, i, r, 0);
        }
        return all;
    }

    /// r, v, v·r.
    private ElementVector tail(int chunk) {
        var all = ElementVector.zeros(domain, 3);
        var r = factor(chunk);
        var v = uniform("v " + chunk, 1);
        all.addAt(0, r, 0, 1);
        all.addAt(1, v, 0, 1);
        all.setProduct(2, v, 0, r, 0);
        return all;
    }

    private ElementVector factor(int chunk) {
        return uniform("factor " + chunk, 1);
    }

    /// @return `first`, `first` + 1, … as elements
    private ElementVector counted(long first, int count) {
        int bytes = domain.elementBytes();
        var content = new byte[count * bytes];
        for (int i = 0; i < count; i++) {
            long encoded = first + i;
            if (domain instanceof Domain.PrimeField field) {
                var montgomery = BigInteger.valueOf(encoded)
                        .shiftLeft(64 * field.words())
                        .mod(field.modulus())
                        .toByteArray();
                for (int b = 0; b < Math.min(bytes, montgomery.length); b++) {
                    content[i * bytes + b] = montgomery[montgomery.length - 1 - b];
                }
            } else {
                for (int b = 0; b < Math.min(bytes, Long.BYTES); b++) {
                    content[i * bytes + b] = (byte) (encoded >>> (8 * b));
                }
            }
        }
        try (var secret = SecretBytes.takeOver(content)) {
            return ElementVector.decode(domain, secret);
        } catch (MalformedException e) {
            throw new IllegalStateException("The values do not fit " + domain + ".", e);
        }
    }
}
