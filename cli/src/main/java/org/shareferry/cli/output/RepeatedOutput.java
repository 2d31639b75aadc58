// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.io.PrintWriter;
import java.time.Duration;
import org.shareferry.cli.CommandException;
import org.shareferry.keys.KeyFileException;

/// Prints the output of a command repeatedly until Ctrl-C. A terminal always shows the newest output; elsewhere an
/// unchanged one is not printed again.
public final class RepeatedOutput {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String FROM_THE_TOP = "\u001b[H\u001b[J";

    private RepeatedOutput() {}

    /// One output of a watched command.
    ///
    /// @param text lines, each with its line break
    /// @param essence equal to the previous one if nothing changed; ages are not part of it
    public record Snapshot(String text, String essence) {}

    /// Where outputs come from.
    @FunctionalInterface
    public interface SnapshotSource {
        /// @throws CommandException when further outputs are impossible
        Snapshot take() throws CommandException, KeyFileException;
    }

    /// @param out where it is printed
    /// @param isRedrawn whether each output replaces the previous one, on a terminal
    /// @return only when the thread is interrupted
    public static int until(SnapshotSource source, PrintWriter out, boolean isRedrawn)
            throws CommandException, KeyFileException {
        var before = "";
        while (true) {
            var snapshot = source.take();
            if (isRedrawn || !snapshot.essence().equals(before)) {
                out.print(isRedrawn ? FROM_THE_TOP + snapshot.text() : snapshot.text());
                out.flush();
            }
            before = snapshot.essence();
            if (!pause()) {
                return 0;
            }
        }
    }

    /// Waits between two outputs.
    ///
    /// @return whether to continue
    public static boolean pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
