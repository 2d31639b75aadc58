// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Protocol;
import org.shareferry.input.InputValues;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// What the owner of an input says about it: for which requests its values may be used.
///
/// @param label of the request
/// @param parties of the request, all of them
/// @param protocols any of which may be the request's
/// @param until when it may be used
/// @param precision f: a value is an integer / 2^f; 0 … 255
/// @param bits 1 … 256: the integers are from -2^(bits-1) to 2^(bits-1)-1
/// @param times how many requests it may answer
/// @param acceptUnverified those of the protocols for which a request need not be verified
/// @param program the digest of the program that may use it, 32 bytes; empty if the owner names none
record InputParameters(
        long label,
        PartySet parties,
        SortedSet<String> protocols,
        Instant until,
        int precision,
        int bits,
        int times,
        SortedSet<String> acceptUnverified,
        Bytes program) {
    private static final int MAX_PRECISION = 255;

    /// @throws ProblemException when a parameter is out of its range
    InputParameters {
        protocols = new TreeSet<>(protocols);
        acceptUnverified = new TreeSet<>(acceptUnverified);
        require(!protocols.isEmpty(), "\"protocols\" names at least one MPC protocol.");
        for (var protocol : protocols) {
            require(
                    Protocol.named(protocol).isPresent(),
                    "\"protocols\" has a name that is not one of " + Protocol.names() + ".");
        }
        require(
                protocols.containsAll(acceptUnverified),
                "\"acceptUnverified\" names only protocols that \"protocols\" names too.");
        require(precision >= 0 && precision <= MAX_PRECISION, "\"precision\" is 0 to " + MAX_PRECISION + ".");
        require(bits >= 1 && bits <= InputValues.MAX_BITS, "\"bits\" is 1 to " + InputValues.MAX_BITS + ".");
        require(times >= 1, "\"times\" is at least 1.");
        require(
                program.size() == 0 || program.size() == Sha256.SIZE,
                "\"program\" is a digest of " + Sha256.SIZE + " bytes, written as 64 hex digits.");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new ProblemException(Problem.of(ProblemType.INPUT_INVALID, rule));
        }
    }

    /// @param now an input is for the time to come
    void requireUntilAfter(Instant now) {
        require(until.isAfter(now), "\"until\" is in the future.");
    }
}
