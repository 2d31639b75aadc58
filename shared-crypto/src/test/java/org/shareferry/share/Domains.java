// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.math.BigInteger;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;

/// The domains that tests go through, and elements of them made from integers.
public final class Domains {
    /// Every pair that MP-SPDZ compiles for, the rings that committed sends in, and some of odd sizes.
    public static final List<Domain> RINGS = List.of(
            new Domain.Ring(128, 64),
            new Domain.Ring(112, 64),
            new Domain.Ring(136, 72),
            new Domain.Ring(120, 72),
            new Domain.Ring(64, 64),
            new Domain.Ring(72, 72),
            new Domain.Ring(6, 3),
            new Domain.Ring(65, 1),
            new Domain.Ring(256, 200));

    /// Primes of one to four words: small, MASCOT's default, just above and below word sizes, and the
    /// largest.
    public static final List<Domain> FIELDS = List.of(
            field("65537"),
            field("18446744073709551557"),
            field("18446744073709551629"),
            field("170141183460469231731687303715885907969"),
            field("340282366920938463463374607431768211297"),
            field("57896044618658097711785492504343953926634992332820282019728792003956564819949"),
            field("115792089237316195423570985008687907853269984665640564039457584007913129639747"));

    private Domains() {}

    private static Domain field(String modulus) {
        return new Domain.PrimeField(new BigInteger(modulus));
    }

    /// @return how many elements the domain has
    public static BigInteger order(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring -> BigInteger.ONE.shiftLeft(ring.shareBits());
            case Domain.PrimeField field -> field.modulus();
        };
    }

    /// @return what MP-SPDZ would write for these integers: little-endian, for fields in Montgomery form
    public static ElementVector of(Domain domain, BigInteger... values) {
        int size = domain.elementBytes();
        var bytes = new byte[values.length * size];
        for (int i = 0; i < values.length; i++) {
            var element = onTheWire(domain, values[i].mod(order(domain)));
            for (int b = 0; b < size; b++) {
                bytes[i * size + b] = element.shiftRight(8 * b).byteValue();
            }
        }
        try (var secret = SecretBytes.takeOver(bytes)) {
            return ElementVector.decode(domain, secret);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /// @return the same for small integers
    public static ElementVector of(Domain domain, long... values) {
        var big = new BigInteger[values.length];
        for (int i = 0; i < values.length; i++) {
            big[i] = BigInteger.valueOf(values[i]);
        }
        return of(domain, big);
    }

    private static BigInteger onTheWire(Domain domain, BigInteger value) {
        return switch (domain) {
            case Domain.Ring ring -> value;
            case Domain.PrimeField field -> value.shiftLeft(64 * field.words()).mod(field.modulus());
        };
    }

    /// @return the integer that an element stands for, 0 up to the domain's order
    public static BigInteger integer(ElementVector vector, int index) {
        var bytes = vector.encode().reveal();
        int size = vector.domain().elementBytes();
        var bigEndian = new byte[size];
        for (int b = 0; b < size; b++) {
            bigEndian[size - 1 - b] = bytes[index * size + b];
        }
        var onTheWire = new BigInteger(1, bigEndian);
        return switch (vector.domain()) {
            case Domain.Ring ring -> onTheWire;
            case Domain.PrimeField field ->
                onTheWire
                        .multiply(BigInteger.ONE.shiftLeft(64 * field.words()).modInverse(field.modulus()))
                        .mod(field.modulus());
        };
    }
}
