// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;

/// A vector of elements of one domain: shares, or their sums. Only this class knows the byte order of elements
/// (little-endian, as in MP-SPDZ). Its content is secret: it never prints an element, and is wiped by [#close].
public final class ElementVector implements AutoCloseable {
    private final Arithmetic arithmetic;
    private final int size;
    private final long[] limbs;

    private ElementVector(Arithmetic arithmetic, int size) {
        this.arithmetic = arithmetic;
        this.size = size;
        this.limbs = new long[Math.multiplyExact(size, arithmetic.words())];
    }

    /// @return `size` zeros
    public static ElementVector zeros(Domain domain, int size) {
        return new ElementVector(Arithmetic.of(domain), size);
    }

    /// @return zeros in the same domain
    public ElementVector zerosAlike(int count) {
        return new ElementVector(arithmetic, count);
    }

    /// @param domain of the elements
    /// @param bytes a whole number of elements as MP-SPDZ writes them; closed by the caller
    /// @throws MalformedException when the length is not a multiple of an element's, or an element is out of
    ///     range
    public static ElementVector decode(Domain domain, SecretBytes bytes) throws MalformedException {
        int elementBytes = domain.elementBytes();
        if (bytes.size() % elementBytes != 0) {
            throw new MalformedException("A vector over " + domain + " must have a multiple of " + elementBytes
                    + " bytes, not " + bytes.size() + ".");
        }
        var vector = zeros(domain, bytes.size() / elementBytes);
        vector.read(bytes.reveal(), elementBytes);
        for (int i = 0; i < vector.size; i++) {
            if (!vector.arithmetic.isCanonical(vector.limbs, vector.at(i))) {
                vector.close();
                throw new MalformedException("Element " + i + " of a vector is out of range for " + domain + ".");
            }
        }
        return vector;
    }

    /// @param domain of the elements
    /// @param integers signed, two's complement, little-endian, of equal sizes, in a field with absolute values
    ///     below the modulus; closed by the caller
    /// @param first the index of the integer for element 0
    /// @param count the number of elements
    /// @param integerBytes bytes of one integer
    /// @return the elements
    public static ElementVector ofSigned(Domain domain, SecretBytes integers, int first, int count, int integerBytes) {
        var vector = zeros(domain, count);
        var raw = integers.reveal();
        for (int i = 0; i < count; i++) {
            vector.arithmetic.setSigned(vector.limbs, vector.at(i), raw, (first + i) * integerBytes, integerBytes);
        }
        return vector;
    }

    private void read(byte[] content, int elementBytes) {
        int words = arithmetic.words();
        if (elementBytes == 8 * words) {
            ByteBuffer.wrap(content)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .get(limbs);
            return;
        }
        for (int i = 0; i < size; i++) {
            for (int b = 0; b < elementBytes; b++) {
                limbs[at(i) + b / 8] |= (content[i * elementBytes + b] & 0xffL) << (8 * (b % 8));
            }
        }
    }

    /// @return the elements as MP-SPDZ writes them; the caller closes them
    public SecretBytes encode() {
        int elementBytes = arithmetic.domain().elementBytes();
        var content = new byte[Math.multiplyExact(size, elementBytes)];
        if (elementBytes == 8 * arithmetic.words()) {
            ByteBuffer.wrap(content)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .put(limbs);
        } else {
            for (int i = 0; i < size; i++) {
                for (int b = 0; b < elementBytes; b++) {
                    content[i * elementBytes + b] = (byte) (limbs[at(i) + b / 8] >>> (8 * (b % 8)));
                }
            }
        }
        return SecretBytes.takeOver(content);
    }

    /// @return the domain of its elements
    public Domain domain() {
        return arithmetic.domain();
    }

    /// @return the number of elements
    public int size() {
        return size;
    }

    private int at(int index) {
        return index * arithmetic.words();
    }

    /// Adds another vector of the same domain and size to this one.
    public void add(ElementVector other) {
        checkAlike(other);
        arithmetic.add(limbs, 0, other.limbs, 0, size);
    }

    /// Subtracts another vector of the same domain and size from this one.
    public void subtract(ElementVector other) {
        checkAlike(other);
        arithmetic.subtract(limbs, 0, other.limbs, 0, size);
    }

    /// Adds `count` elements of `other`, from its element `from` on, to the elements of this one from `to`
    /// on.
    public void addAt(int to, ElementVector other, int from, int count) {
        if (!domain().equals(other.domain())) {
            throw new IllegalArgumentException("The vectors have different domains.");
        }
        arithmetic.add(limbs, at(to), other.limbs, other.at(from), count);
    }

    /// Overwrites element `index` with the product of two elements; this vector must be neither of the two.
    public void setProduct(int index, ElementVector a, int aIndex, ElementVector b, int bIndex) {
        arithmetic.multiply(limbs, at(index), a.limbs, a.at(aIndex), b.limbs, b.at(bIndex));
    }

    /// @return whether an element of this vector equals one of another of the same domain
    public boolean isEqualAt(int index, ElementVector other, int otherIndex) {
        return arithmetic.isEqual(limbs, at(index), other.limbs, other.at(otherIndex));
    }

    /// Overwrites all elements with independent uniform ones: for a ring the next bytes of the stream; for a field
    /// the next bytes, truncated to the bits of the modulus and redrawn until they are below it.
    public void fillUniformly(KeyStream stream) {
        var content = new byte[8 * limbs.length];
        stream.next(content);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(limbs);
        Arrays.fill(content, (byte) 0);
        var again = new byte[8 * arithmetic.words()];
        for (int i = 0; i < size; i++) {
            arithmetic.maskBits(limbs, at(i));
            while (!arithmetic.isCanonical(limbs, at(i))) {
                stream.next(again);
                ByteBuffer.wrap(again)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer()
                        .get(limbs, at(i), arithmetic.words());
                arithmetic.maskBits(limbs, at(i));
            }
        }
    }

    /// @param smaller a ring with at most as many bits
    /// @return the low bits of every element, a new vector
    public ElementVector truncate(Domain.Ring smaller) {
        if (!(domain() instanceof Domain.Ring ring) || smaller.shareBits() > ring.shareBits()) {
            throw new IllegalArgumentException("Only elements of a ring can be truncated, to a smaller ring.");
        }
        var low = zeros(smaller, size);
        for (int i = 0; i < size; i++) {
            System.arraycopy(limbs, at(i), low.limbs, low.at(i), low.arithmetic.words());
            low.arithmetic.maskBits(low.limbs, low.at(i));
        }
        return low;
    }

    /// @return the element as a signed integer with the smallest absolute value: from the ring's clear bits, or in
    ///     the field
    public BigInteger signed(int index) {
        return arithmetic.signed(limbs, at(index));
    }

    /// The same for every `stride`-th element, from the first one on. The operations do not depend on the elements.
    ///
    /// @param size bytes of one value, see [DecodedValues#rawSize]
    /// @return concatenated, two's complement, little-endian
    byte[] signedBytes(int stride, int count, int size) {
        var raw = new byte[Math.multiplyExact(count, size)];
        var scratch = new long[2 * arithmetic.words()];
        for (int i = 0; i < count; i++) {
            arithmetic.writeSigned(limbs, at(i * stride), scratch, raw, i * size, size);
        }
        Arrays.fill(scratch, 0);
        return raw;
    }

    private void checkAlike(ElementVector other) {
        if (size != other.size || !domain().equals(other.domain())) {
            throw new IllegalArgumentException("The vectors have different domains or sizes.");
        }
    }

    @Override
    public void close() {
        Arrays.fill(limbs, 0);
    }

    @Override
    public String toString() {
        return size + " elements over " + domain();
    }
}
