// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/// A command that was run.
///
/// @param code its exit code
/// @param out what it printed
/// @param err what it printed on standard error
public record Run(int code, String out, String err) {
    /// When commands run, if nothing else is said.
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /// Runs `shareferry` with these arguments.
    public static Run of(Object... arguments) {
        return at(NOW, arguments);
    }

    /// The same at another time.
    public static Run at(Instant now, Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var line = Main.commandLine(Clock.fixed(now, ZoneOffset.UTC));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        var texts = new String[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int code = line.execute(texts);
        return new Run(code, out.toString(), err.toString());
    }

    /// Requires success.
    public Run succeeded() {
        assertThat(err).isEmpty();
        assertThat(code).isZero();
        return this;
    }

    /// Requires a failure in one sentence that contains this.
    public Run failedWith(String part) {
        assertThat(code).isNotZero();
        assertThat(err).startsWith("shareferry: ").contains(part);
        assertThat(err.strip().lines()).as("one sentence on one line").hasSize(1);
        assertThat(err.strip()).endsWith(".").doesNotContain("Exception", "\tat ");
        return this;
    }
}
