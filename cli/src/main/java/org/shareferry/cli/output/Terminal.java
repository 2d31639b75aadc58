// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the standard streams lead to.
///
/// @param isOut whether standard output is a terminal
/// @param isError whether standard error is one
/// @param isColoured whether standard output takes colours
public record Terminal(boolean isOut, boolean isError, boolean isColoured) {
    /// The launcher says in this system property which of `out` and `err` are terminals. Java itself can tell
    /// neither of them from the other.
    static final String PROPERTY = "shareferry.terminal";

    /// @return what this process was started with
    public static Terminal detect() {
        var console = System.console();
        return of(
                Optional.ofNullable(System.getProperty(PROPERTY)),
                console != null && console.isTerminal(),
                System.getenv());
    }

    /// @param property the launcher's system property
    /// @param isConsole Java's answer, for a process without a launcher
    /// @param environment `NO_COLOR` (https://no-color.org) and `TERM` switch colours off
    static Terminal of(Optional<String> property, boolean isConsole, Map<String, String> environment) {
        var streams = property.map(words -> List.of(words.split(" ")))
                .orElse(List.of(isConsole ? "out" : "", isConsole ? "err" : ""));
        boolean isOut = streams.contains("out");
        boolean isPlain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(isOut, streams.contains("err"), isOut && !isPlain);
    }
}
