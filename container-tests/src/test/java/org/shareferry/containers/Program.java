// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Other programs, run to their end.
final class Program {
    private Program() {}

    /// @param code its exit code
    /// @param output what it printed, both streams
    record Ran(int code, String output) {
        boolean isSuccess() {
            return code == 0;
        }

        Ran orFail() {
            if (!isSuccess()) {
                throw new AssertionError("exit code " + code + ":\n" + output);
            }
            return this;
        }
    }

    /// @param environment variables besides those of the tests
    /// @param patience how long it may take
    static Ran run(Path folder, List<String> command, Map<String, String> environment, Duration patience) {
        try {
            var output = Files.createTempFile("program", ".log");
            try {
                var process = start(folder, command, environment, output.toFile());
                if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " takes too long:\n" + Files.readString(output));
                }
                return new Ran(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Starts one that the caller ends.
    ///
    /// @param output where what it prints goes
    static Process start(Path folder, List<String> command, Map<String, String> environment, File output)
            throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(output);
        builder.environment().putAll(environment);
        return builder.start();
    }
}
