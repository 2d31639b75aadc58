// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// Where shares live. Shares of all parties sum, in this domain, to the value.
public sealed interface Domain {

    /// @return bytes of one element on the wire, as MP-SPDZ writes it
    int elementBytes();

    /// @param text what [Ring#toString] and [PrimeField#toString] give: `ring 128/64` or `prime 65537`
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
        throw new IllegalArgumentException("A domain is written as ring 128/64 or prime 65537.");
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
                throw new IllegalArgumentException("Share bits are 1 to 256: " + shareBits);
            }
            if (clearBits < 1 || clearBits > shareBits) {
                throw new IllegalArgumentException("Clear bits are 1 to the share bits: " + clearBits);
            }
        }

        @Override
        public int elementBytes() {
            return Math.ceilDiv(shareBits, 8);
        }

        /// @return s, the bits that shares have and values have not
        public int spareBits() {
            return shareBits - clearBits;
        }

        @Override
        public String toString() {
            return "ring " + shareBits + "/" + clearBits;
        }
    }

    /// The integers modulo a prime. On the wire an element x stands as x·R mod p, little-endian, with
    /// R = 2^(64·words): MP-SPDZ's Montgomery form.
    ///
    /// @param modulus p, an odd prime of 2 … 256 bits
    record PrimeField(BigInteger modulus) implements Domain {
        private static final Pattern FORM = Pattern.compile("prime ([1-9][0-9]{0,77})");

        /// The test takes as long as everything else that is done to a header, and nearly all have the same modulus.
        private static volatile BigInteger lastPrime = BigInteger.TWO;

        public PrimeField {
            if (modulus.signum() <= 0 || modulus.bitLength() < 2 || modulus.bitLength() > 256 || !modulus.testBit(0)) {
                throw new IllegalArgumentException("A modulus is an odd prime of 2 to 256 bits.");
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
