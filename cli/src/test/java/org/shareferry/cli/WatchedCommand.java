// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;

/// Runs a command that goes on until Ctrl-C.
public final class WatchedCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private WatchedCommand() {}

    /// Runs `shareferry` with these arguments until it has printed something.
    ///
    /// @return all that it has printed
    public static String until(String words, Object... arguments) throws InterruptedException {
        var out = new StringWriter();
        var err = new StringWriter();
        var line = Main.commandLine(Clock.systemUTC());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        var running = Thread.ofVirtual()
                .start(() ->
                        line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new)));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!out.toString().contains(words) && running.isAlive() && System.nanoTime() < end) {
            Thread.sleep(Duration.ofMillis(20));
        }
        running.interrupt();
        running.join(PATIENCE);
        assertThat(running.isAlive()).as("it ends when it is interrupted").isFalse();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains(words);
        return out.toString();
    }
}
