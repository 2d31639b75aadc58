// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// Buffers numbers as text until the parameters for their encoding are known, because in JSON the values may come
/// first. They are wiped on [#close].
final class NumberTexts implements AutoCloseable {
    private static final int PIECE = 64 << 10;
    private static final byte END = '\n';

    private final int limit;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private byte[] last = new byte[0];
    private int used;
    private long size;

    /// @param limit the maximum number of bytes of all of them
    NumberTexts(int limit) {
        this.limit = limit;
    }

    void add(String number) {
        var bytes = number.getBytes(StandardCharsets.US_ASCII);
        size += bytes.length + 1;
        if (size > limit) {
            throw new ProblemException(Problem.of(
                    ProblemType.BODY_TOO_LARGE,
                    "The values in JSON have more than " + limit + " bytes; send them as text/csv or"
                            + " application/octet-stream, with the parameters in the query."));
        }
        for (byte next : bytes) {
            put(next);
        }
        put(END);
        Arrays.fill(bytes, (byte) 0);
    }

    private void put(byte next) {
        if (used == last.length) {
            last = new byte[PIECE];
            pieces.add(last);
            used = 0;
        }
        last[used++] = next;
    }

    /// Passes all numbers on in order, and wipes each piece after it was read.
    void drain(Consumer<String> consumer) {
        var number = new StringBuilder();
        for (var piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            int length = pieces.isEmpty() ? used : piece.length;
            for (int i = 0; i < length; i++) {
                if (piece[i] == END) {
                    consumer.accept(number.toString());
                    number.setLength(0);
                } else {
                    number.append((char) piece[i]);
                }
            }
            Arrays.fill(piece, (byte) 0);
        }
    }

    @Override
    public void close() {
        pieces.forEach(piece -> Arrays.fill(piece, (byte) 0));
        pieces.clear();
    }
}
