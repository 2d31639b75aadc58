// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// For which requests of programs an input may be used; its values are given beside it (docs/input-delivery.md).
///
/// @param label of the request
/// @param parties of the request, all of them
/// @param protocols MPC protocols, any of which may be the request's
/// @param until when it may be used
/// @param precision f: values are multiplied by 2^f and rounded, ties to even; 0 to 255
/// @param bits 1 to 256: the integers are from -2^(bits-1) to 2^(bits-1)-1
/// @param times how many requests it may answer
/// @param acceptUnverified those of the protocols for which a request need not be VERIFIED
/// @param program the digest of the only program that may use it, 64 hex digits; without it this is consent to whatever
///     an honest party agrees to run with this label
public record Input(
        long label,
        List<String> parties,
        Set<String> protocols,
        Instant until,
        int precision,
        int bits,
        int times,
        Set<String> acceptUnverified,
        Optional<String> program) {
    public Input {
        parties = List.copyOf(parties);
        protocols = Set.copyOf(protocols);
        acceptUnverified = Set.copyOf(acceptUnverified);
    }

    /// @return an input of integers that is used once, for a request of one protocol that is VERIFIED
    public static Input of(long label, List<String> parties, String protocol, int bits, Instant until) {
        return new Input(label, parties, Set.of(protocol), until, 0, bits, 1, Set.of(), Optional.empty());
    }

    /// @return for values with f binary places
    public Input withPrecision(int f) {
        return new Input(label, parties, protocols, until, f, bits, times, acceptUnverified, program);
    }

    /// @return for so many requests
    public Input withTimes(int most) {
        return new Input(label, parties, protocols, until, precision, bits, most, acceptUnverified, program);
    }

    /// @return for requests of these protocols although they are not VERIFIED
    public Input withAcceptUnverified(Set<String> some) {
        return new Input(label, parties, protocols, until, precision, bits, times, some, program);
    }

    /// @return for a program with this digest only
    public Input withProgram(String digest) {
        return new Input(
                label, parties, protocols, until, precision, bits, times, acceptUnverified, Optional.of(digest));
    }

    Query toQuery() {
        var query = new Query()
                .add("label", label)
                .addList("parties", parties)
                .addList("protocols", protocols)
                .add("until", until)
                .add("precision", precision)
                .add("bits", bits)
                .add("times", times)
                .addList("acceptUnverified", acceptUnverified);
        program.ifPresent(digest -> query.add("program", digest));
        return query;
    }
}
