// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.shareferry.service.member.Standing;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// Parses bodies with values only: CSV and raw integers. Both are read as streams.
final class InputBodies {
    private static final int BUFFER = 64 << 10;
    private static final int LONGEST_LINE = 1_024;
    private static final int MAX_SIZE = 32;

    private InputBodies() {}

    private interface Reading {
        void run() throws IOException;
    }

    private static void whole(Reading reading) {
        try {
            reading.run();
        } catch (IOException e) {
            if (Standing.isEnd(e)) {
                throw new UncheckedIOException(e);
            }
            throw new ProblemException(Problem.of(ProblemType.BODY_DAMAGED, "The body ended early."));
        }
    }

    /// Reads lines with a value, or with an index from 0 on and a value (RFC 4180). The first line may be a
    /// heading, `value` or `index,value`.
    static void readCsv(InputStream in, InputEncoder encoder) {
        whole(() -> {
            var buffered = new BufferedInputStream(in, BUFFER);
            long index = 0;
            boolean isFirst = true;
            for (var line = line(buffered); line != null; line = line(buffered)) {
                boolean isHeading = isFirst && (line.equals("value") || line.equals("index,value"));
                if (!isHeading) {
                    encoder.add(cell(line, index));
                    index++;
                }
                isFirst = false;
            }
        });
    }

    private static String cell(String line, long index) {
        int comma = line.indexOf(',');
        if (comma >= 0 && !line.substring(0, comma).equals(Long.toString(index))) {
            throw InputEncoder.invalid("Line " + index + " after the heading does not begin with the index " + index
                    + ". Each line must be a value, or an index and a value, in order.");
        }
        return line.substring(comma + 1);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.length() >= LONGEST_LINE) {
                throw InputEncoder.invalid("A line has more than " + LONGEST_LINE + " characters.");
            }
            line.append((char) next);
            next = in.read();
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    /// Reads signed integers, two's complement, little-endian, of equal sizes.
    /// @param size bytes of one integer, 1 … 32
    static void readRaw(InputStream in, int size, InputEncoder encoder) {
        if (size < 1 || size > MAX_SIZE) {
            throw InputEncoder.invalid("\"size\", the bytes of one integer, must be 1 to " + MAX_SIZE + ".");
        }
        whole(() -> {
            var integer = new byte[size];
            long index = 0;
            var buffered = new BufferedInputStream(in, BUFFER);
            for (int read = buffered.readNBytes(integer, 0, size);
                    read > 0;
                    read = buffered.readNBytes(integer, 0, size)) {
                if (read < size) {
                    throw InputEncoder.invalid("Value " + index + " is incomplete: the length of the body must be a"
                            + " multiple of " + size + " bytes.");
                }
                encoder.add(bigEndian(integer));
                index++;
            }
        });
    }

    private static BigInteger bigEndian(byte[] littleEndian) {
        var turned = new byte[littleEndian.length];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = littleEndian[turned.length - 1 - i];
        }
        return new BigInteger(turned);
    }
}
