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

/// Encodes numbers into stored rows. Its error messages contain the index of a wrong value, never the value.
final class InputEncoder {
    /// Values in a row: 1 MiB with 32 bytes each.
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
    /// @param bits of the encoded integers
    /// @param rows consumer of each index and row; it must not keep the row, which is wiped afterwards
    InputEncoder(int precision, int bits, BiConsumer<Integer, SecretBytes> rows) {
        this.precision = precision;
        this.bits = bits;
        this.rows = rows;
    }

    /// @param text a decimal number, optionally with an exponent
    void add(String text) {
        add(number(text, count + batch.size()));
    }

    /// @param integer the value, already multiplied by 2^f
    void add(BigInteger integer) {
        add(new BigDecimal(integer));
    }

    private void add(BigDecimal number) {
        if (count + batch.size() == MOST) {
            throw invalid("An input can have at most " + MOST + " values.");
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
    /// @throws ProblemException when the text is not a decimal number
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
        return invalid("Value " + index + " does not fit " + bits + " bits: it must be an integer from -2^" + (bits - 1)
                + " to 2^" + (bits - 1) + "-1 after multiplication by 2^precision and rounding.");
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(ProblemType.INPUT_INVALID, detail));
    }

    /// Writes the last row.
    ///
    /// @return the number of values, at least one
    long finish() {
        if (!batch.isEmpty()) {
            encode();
        }
        if (count == 0) {
            throw invalid("An input must have at least one value.");
        }
        return count;
    }
}
