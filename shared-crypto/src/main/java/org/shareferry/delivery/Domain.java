// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.math.BigInteger;

/// Where shares live. Shares of all parties sum, in this domain, to the value.
public sealed interface Domain {

    /// @return bytes of one element on the wire, as MP-SPDZ writes it
    int elementBytes();

    /// The ring Z_2^shareBits of which the client keeps the low `clearBits`; s = shareBits - clearBits bits
    /// are spare.
    ///
    /// @param shareBits k + s, in bits: 1 … 256
    /// @param clearBits k, in bits: 1 … shareBits
    record Ring(int shareBits, int clearBits) implements Domain {
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
        public PrimeField {
            if (modulus.signum() <= 0 || modulus.bitLength() < 2 || modulus.bitLength() > 256 || !modulus.testBit(0)) {
                throw new IllegalArgumentException("A modulus is an odd prime of 2 to 256 bits.");
            }
            if (!modulus.isProbablePrime(64)) {
                throw new IllegalArgumentException("The modulus is not prime.");
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
