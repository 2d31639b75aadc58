// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.math.BigInteger;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

/// The CBOR encoding of domains in signed formats: a ring as an array of share bits and clear bits, a prime field as
/// its modulus, a byte string, big-endian, without leading zeros.
public final class DomainCoding {
    private DomainCoding() {}

    /// Writes one item.
    public static void write(CborWriter out, Domain domain) {
        switch (domain) {
            case Domain.Ring ring ->
                out.array(2).integer(ring.shareBits()).integer(ring.clearBits()).endArray();
            case Domain.PrimeField field -> out.bytes(unsigned(field.modulus()));
        }
    }

    /// Reads one item.
    ///
    /// @param what the format's name with its article, for messages: `an envelope`
    /// @throws MalformedException when the item has neither form
    /// @throws IllegalArgumentException when its values are no valid domain
    public static Domain read(String what, CborReader in) throws MalformedException {
        if (!in.startsArray()) {
            return new Domain.PrimeField(new BigInteger(1, in.bytes().toArray()));
        }
        var bits = in.list(2, CborReader::size);
        if (bits.size() != 2) {
            throw new MalformedException("The domain of " + what + " must contain share bits and clear bits.");
        }
        return new Domain.Ring(bits.get(0), bits.get(1));
    }

    private static Bytes unsigned(BigInteger value) {
        var signed = value.toByteArray();
        return Bytes.ofRange(signed, signed[0] == 0 ? 1 : 0, signed.length);
    }
}
