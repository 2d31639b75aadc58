// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.input.InputValues;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// Turns numbers into the rows that are stored. It says which value is wrong and never what it is.
final class InputEncoder {
    /// Values in a row, which with 32 bytes each have 1 MiB.
    static final int ROW = 32_768;

    /// The masked values of an answer are in memory until they are committed.
    static final int MOST = 1 << 22;

    private static final int LONGEST = 1_000;

    private final int precision;
    private final int bits;
    private final BiConsumer<Integer, SecretBytes> rows;
    private final List<BigDecimal> batch = new ArrayList<>();
    private long count;

    /// @param precision f: numbers are multiplied by 2^f
    /// @param bits of the integers that come of it
    /// @param rows takes each row with its index, which it must not keep: the row is wiped afterwards
    InputEncoder(int precision, int bits, BiConsumer<Integer, SecretBytes> rows) {
        this.precision = precision;
        this.bits = bits;
        this.rows = rows;
    }

    /// @param text a decimal number, with an exponent perhaps
    void add(String text) {
        add(number(text, count + batch.size()));
    }

    /// @param integer as it is stored, already multiplied by 2^f
    void add(BigInteger integer) {
        add(new BigDecimal(integer));
    }

    private void add(BigDecimal number) {
        if (count + batch.size() == MOST) {
            throw invalid("An input has at most " + MOST + " values.");
        }
        batch.add(number);
        if (batch.size() == ROW) {
            encode();
        }
    }

    private static BigDecimal number(String text, long index) {
        requireNumber(text, index);
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw notNumber(index);
        }
    }

    /// @param index of the value, for the message
    /// @throws ProblemException when the text has other characters than decimal numbers have
    static void requireNumber(String text, long index) {
        if (text.isEmpty()
                || text.length() > LONGEST
                || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0)) {
            throw notNumber(index);
        }
    }

    private static ProblemException notNumber(long index) {
        return invalid("Value " + index + " is not a decimal number of at most " + LONGEST + " characters.");
    }

    private void encode() {
        try (var values = InputValues.of(batch, precision, bits)) {
            rows.accept(Math.toIntExact(count / ROW), values.stored());
        } catch (InputValues.OutOfRangeException e) {
            throw outOfRange(count + e.index(), bits);
        }
        count += batch.size();
        batch.clear();
    }

    static ProblemException outOfRange(long index, int bits) {
        return invalid("Value " + index + " is not within " + bits + " bits: an integer from -2^" + (bits - 1)
                + " to 2^" + (bits - 1) + "-1 after it was multiplied by 2^precision and rounded.");
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(ProblemType.INPUT_INVALID, detail));
    }

    /// Writes the last row.
    ///
    /// @return how many values there are, at least one
    long finish() {
        if (!batch.isEmpty()) {
            encode();
        }
        if (count == 0) {
            throw invalid("An input has at least one value.");
        }
        return count;
    }
}
