// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// The ring or field of shares. The shares of all parties add up to the value in this domain.
public sealed interface Domain {

    /// @return bytes of one element on the wire, as MP-SPDZ writes it
    int elementBytes();

    /// @param text from [Ring#toString] or [PrimeField#toString]: `ring 128/64` or `prime 65537`
    /// @throws IllegalArgumentException for anything else
    static Domain parse(String text) {
        var ring = Ring.FORM.matcher(text);
        if (ring.matches()) {
            return new Ring(Integer.parseInt(ring.group(1)), Integer.parseInt(ring.group(2)));
        }
        var prime = PrimeField.FORM.matcher(text);
        if (prime.matches()) {
            return new PrimeField(new BigInteger(prime.group(1)));
        }
        throw new IllegalArgumentException("A domain must be written like ring 128/64 or prime 65537.");
    }

    /// The ring Z_2^shareBits of which the client keeps the low `clearBits`; s = shareBits - clearBits bits
    /// are spare.
    ///
    /// @param shareBits k + s, in bits: 1 … 256
    /// @param clearBits k, in bits: 1 … shareBits
    record Ring(int shareBits, int clearBits) implements Domain {
        private static final Pattern FORM = Pattern.compile("ring ([1-9][0-9]{0,2})/([1-9][0-9]{0,2})");

        public Ring {
            if (shareBits < 1 || shareBits > 256) {
                throw new IllegalArgumentException("The share bits must be 1 to 256, not " + shareBits);
            }
            if (clearBits < 1 || clearBits > shareBits) {
                throw new IllegalArgumentException("The clear bits must be 1 to the share bits, not " + clearBits);
            }
        }

        @Override
        public int elementBytes() {
            return Math.ceilDiv(shareBits, 8);
        }

        /// @return s, the number of bits that shares have in addition to values
        public int spareBits() {
            return shareBits - clearBits;
        }

        @Override
        public String toString() {
            return "ring " + shareBits + "/" + clearBits;
        }
    }

    /// The integers modulo a prime. On the wire an element x is encoded as x·R mod p, little-endian, with R =
    /// 2^(64·words): MP-SPDZ's Montgomery form.
    ///
    /// @param modulus p, an odd prime of 2 … 256 bits
    record PrimeField(BigInteger modulus) implements Domain {
        private static final Pattern FORM = Pattern.compile("prime ([1-9][0-9]{0,77})");

        /// Caches the primality test, which takes as long as all other processing of a header; almost all
        /// headers have the same modulus.
        private static volatile BigInteger lastPrime = BigInteger.TWO;

        public PrimeField {
            if (modulus.signum() <= 0 || modulus.bitLength() < 2 || modulus.bitLength() > 256 || !modulus.testBit(0)) {
                throw new IllegalArgumentException("The modulus must be an odd prime of 2 to 256 bits.");
            }
            if (!modulus.equals(lastPrime)) {
                if (!modulus.isProbablePrime(64)) {
                    throw new IllegalArgumentException("The modulus is not prime.");
                }
                lastPrime = modulus;
            }
        }

        /// @return 64-bit words of one element
        public int words() {
            return (modulus.bitLength() + 63) / 64;
        }

        @Override
        public int elementBytes() {
            return 8 * words();
        }

        @Override
        public String toString() {
            return "prime " + modulus;
        }
    }
}
