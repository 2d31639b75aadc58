// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;

/// Tells what happens as it happens, each line with the seconds since the beginning.
final class Progress {
    private final PrintWriter out;
    private final long begin = System.nanoTime();

    Progress(PrintWriter out) {
        this.out = out;
    }

    void tell(String what) {
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds(), what));
        out.flush();
    }

    /// Prints a line without the time.
    void print(String line) {
        out.println(line);
        out.flush();
    }

    PrintWriter writer() {
        return out;
    }

    /// @return since the beginning
    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }
}
