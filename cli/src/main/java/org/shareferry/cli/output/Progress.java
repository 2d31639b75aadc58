// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.io.PrintWriter;
import java.util.Locale;

/// Tells what happens as it happens, each line with the seconds since the beginning.
public final class Progress {
    private final PrintWriter out;
    private final long begin = System.nanoTime();

    /// @param out where it is told
    public Progress(PrintWriter out) {
        this.out = out;
    }

    /// Prints a line with the time.
    public void tell(String what) {
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds(), what));
        out.flush();
    }

    /// Prints a line without the time.
    public void print(String line) {
        out.println(line);
        out.flush();
    }

    /// @return where it is told
    public PrintWriter writer() {
        return out;
    }

    /// @return since the beginning
    public double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }
}
