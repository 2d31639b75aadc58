// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.io.PrintWriter;
import java.time.Duration;
import org.shareferry.cli.CommandException;
import org.shareferry.keys.KeyFileException;

/// Prints what there is, again and again, until Ctrl-C. A terminal always shows the newest; elsewhere what is unchanged
/// is not printed again.
public final class Watch {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String FROM_THE_TOP = "\u001b[H\u001b[J";

    private Watch() {}

    /// One output of a watched command.
    ///
    /// @param text lines, each with its line break
    /// @param essence equal to the previous one if nothing changed; ages are not part of it
    public record Look(String text, String essence) {}

    /// Looks.
    @FunctionalInterface
    public interface Looking {
        /// @throws CommandException when there is no sense in looking again
        Look look() throws CommandException, KeyFileException;
    }

    /// @param out where it is printed
    /// @param isRedrawn whether each output replaces the previous one, on a terminal
    /// @return only when the thread is interrupted
    public static int until(Looking looking, PrintWriter out, boolean isRedrawn)
            throws CommandException, KeyFileException {
        var before = "";
        while (true) {
            var look = looking.look();
            if (isRedrawn || !look.essence().equals(before)) {
                out.print(isRedrawn ? FROM_THE_TOP + look.text() : look.text());
                out.flush();
            }
            before = look.essence();
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
