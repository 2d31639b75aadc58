// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.io.PrintWriter;
import java.util.Locale;

/// Reports the steps of a command, each line with the seconds since the beginning.
public final class Progress {
    private final PrintWriter out;
    private final LiveLine live;
    private final long begin = System.nanoTime();

    /// @param out for the messages
    public Progress(PrintWriter out) {
        this(out, LiveLine.onStandardError());
    }

    /// @param live for the current state
    Progress(PrintWriter out, LiveLine live) {
        this.out = out;
        this.live = live;
    }

    /// Shows the progress of a long step on a terminal. The next message overwrites it.
    ///
    /// @param done of
    /// @param all how many
    /// @param what such as `services are ready`
    public void show(int done, int all, String what) {
        live.show(done, all, what, seconds());
    }

    /// Removes the output of [#show].
    public void clear() {
        live.clear();
    }

    /// Prints a line with the time.
    public void report(String what) {
        live.clear();
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds(), what));
        out.flush();
    }

    /// Prints a line without the time.
    public void print(String line) {
        live.clear();
        out.println(line);
        out.flush();
    }

    /// @return the stream for the messages
    public PrintWriter writer() {
        return out;
    }

    /// @return since the beginning
    public double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }
}
