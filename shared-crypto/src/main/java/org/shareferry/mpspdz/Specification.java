// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;

/// The message with the domain that a party of MP-SPDZ sends to a client (MP-SPDZ `Math/Z2k.h`, `Math/gfp.hpp`:
/// `write_setup` and `specification`). All integers little-endian.
public final class Specification {
    private static final int RING = 'R';
    private static final int PRIME = 'p';
    private static final Set<Domain.Ring> RINGS = Set.of(
            new Domain.Ring(128, 64),
            new Domain.Ring(112, 64),
            new Domain.Ring(136, 72),
            new Domain.Ring(120, 72),
            new Domain.Ring(64, 64));

    private Specification() {}

    /// @param message `52000000`, share bits and clear bits as int32; or `70000000` and then twice the
    ///     prime as sign byte, uint32 length and big-endian bytes, and the Montgomery flag as int32
    /// @throws MalformedException when it is neither, or has an unsupported domain
    public static Domain parse(Bytes message) throws MalformedException {
        var in = ByteBuffer.wrap(message.toArray()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int type = in.getInt();
            var domain = switch (type) {
                case RING -> ring(in.getInt(), in.getInt());
                case PRIME -> primeField(in);
                default ->
                    throw new MalformedException(
                            "The specification is neither that of a ring nor that of a prime field.");
            };
            if (in.hasRemaining()) {
                throw new MalformedException("The specification has " + in.remaining() + " surplus bytes.");
            }
            return domain;
        } catch (BufferUnderflowException e) {
            throw new MalformedException("The specification ends too early, after " + message.size() + " bytes.");
        }
    }

    /// @return the message
    public static Bytes encode(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring ->
                Bytes.of(ByteBuffer.allocate(3 * Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(RING)
                        .putInt(ring.shareBits())
                        .putInt(ring.clearBits())
                        .array());
            case Domain.PrimeField field -> {
                var magnitude = magnitude(field.modulus());
                var message = ByteBuffer.allocate(Integer.BYTES + 2 * (1 + 2 * Integer.BYTES + magnitude.length))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(PRIME);
                for (int twice = 0; twice < 2; twice++) {
                    message.put((byte) 0)
                            .putInt(magnitude.length)
                            .put(magnitude)
                            .putInt(1);
                }
                yield Bytes.of(message.array());
            }
        };
    }

    private static Domain ring(int shareBits, int clearBits) throws MalformedException {
        for (var ring : RINGS) {
            if (ring.shareBits() == shareBits && ring.clearBits() == clearBits) {
                return ring;
            }
        }
        throw new MalformedException("Rings of " + shareBits + "/" + clearBits
                + " bits are not supported; 128/64, 112/64, 136/72, 120/72 and 64/64 are.");
    }

    /// Reads the field of shares and that of clear values, which must be the same.
    private static Domain primeField(ByteBuffer in) throws MalformedException {
        var modulus = modulus(in);
        if (!modulus.equals(modulus(in))) {
            throw new MalformedException("The specification names two different primes.");
        }
        try {
            return new Domain.PrimeField(modulus);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("The specification's modulus is not an odd prime of at most 256 bits.");
        }
    }

    private static byte[] magnitude(BigInteger modulus) {
        var bytes = modulus.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static BigInteger modulus(ByteBuffer in) throws MalformedException {
        byte sign = in.get();
        int length = in.getInt();
        if (sign != 0 || length < 1 || length > 32) {
            throw new MalformedException("The specification's prime is negative, or not of 1 to 256 bits.");
        }
        var magnitude = new byte[length];
        in.get(magnitude);
        if (in.getInt() != 1) {
            throw new MalformedException("The specification has elements that are not in Montgomery form.");
        }
        return new BigInteger(1, magnitude);
    }
}
