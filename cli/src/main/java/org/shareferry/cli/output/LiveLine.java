// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The last line of a terminal, which says what is being waited for, and is written over. On standard error, so that it
/// is in no file or pipe; without a terminal there, nothing at all.
public final class LiveLine {
    private static final int BAR = 20;
    private static final String CLEAR = "\r\u001b[K";

    private final Optional<PrintWriter> terminal;
    private String shown = "";

    LiveLine(Optional<PrintWriter> terminal) {
        this.terminal = terminal;
    }

    /// @return on this process's standard error
    public static LiveLine onStandardError() {
        return new LiveLine(
                Terminal.detect().isError()
                        ? Optional.of(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                        : Optional.empty());
    }

    /// @param done of
    /// @param all how many
    /// @param what is done
    synchronized void show(int done, int all, String what, double seconds) {
        int filled = all == 0 ? 0 : BAR * done / all;
        show("[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "] " + done + " of " + all + " " + what + ", "
                + (int) seconds + " s");
    }

    private void show(String text) {
        if (!text.equals(shown)) {
            terminal.ifPresent(out -> {
                out.print(CLEAR + text);
                out.flush();
            });
            shown = text;
        }
    }

    /// Takes the line away, so that something else can be printed.
    synchronized void clear() {
        if (!shown.isEmpty()) {
            terminal.ifPresent(out -> {
                out.print(CLEAR);
                out.flush();
            });
            shown = "";
        }
    }
}
