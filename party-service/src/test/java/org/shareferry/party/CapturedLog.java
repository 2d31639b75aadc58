// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// What services log, from the making of this until it is closed.
final class CapturedLog implements AutoCloseable {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = System.out;

    CapturedLog() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    Stream<String> linesWith(String words) {
        return text().lines().filter(line -> line.contains(words));
    }

    @Override
    public void close() {
        System.setOut(out);
    }
}
