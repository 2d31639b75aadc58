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

/// The parameters of an input: the requests for which its values may be used.
///
/// @param label of the request
/// @param parties all parties of the request
/// @param protocols allowed protocols of the request
/// @param until the end of the input's validity
/// @param precision f: a value is an integer / 2^f; 0 … 255
/// @param bits 1 … 256: the integers are from -2^(bits-1) to 2^(bits-1)-1
/// @param times the number of requests that it may answer
/// @param acceptUnverified protocols for which a request need not be verified
/// @param program the digest of the program that may use it, 32 bytes; empty for any program
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
        require(!protocols.isEmpty(), "\"protocols\" must contain at least one MPC protocol.");
        for (var protocol : protocols) {
            require(
                    Protocol.named(protocol).isPresent(),
                    "\"protocols\" contains a name that is not one of " + Protocol.names() + ".");
        }
        require(
                protocols.containsAll(acceptUnverified),
                "\"acceptUnverified\" must contain only protocols that are in \"protocols\".");
        require(precision >= 0 && precision <= MAX_PRECISION, "\"precision\" must be 0 to " + MAX_PRECISION + ".");
        require(bits >= 1 && bits <= InputValues.MAX_BITS, "\"bits\" must be 1 to " + InputValues.MAX_BITS + ".");
        require(times >= 1, "\"times\" must be at least 1.");
        require(
                program.size() == 0 || program.size() == Sha256.SIZE,
                "\"program\" must be a digest of " + Sha256.SIZE + " bytes in 64 hex digits.");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new ProblemException(Problem.of(ProblemType.INPUT_INVALID, rule));
        }
    }

    /// @param now the current time
    void requireUntilAfter(Instant now) {
        require(until.isAfter(now), "\"until\" must be in the future.");
    }
}
