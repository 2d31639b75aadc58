// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A shell in which somebody pastes what a document says, block after block. Its folder looks like that of a checkout:
/// the launcher is there. It is the user's home, too.
final class Terminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String END = "end of block";

    private final Path folder;
    private final Process shell;
    private final Writer input;
    private final BufferedReader output;
    private int blocks;

    Terminal(Path folder) throws IOException {
        this.folder = folder;
        var launcher = folder.resolve("shareferry");
        if (!Files.exists(launcher)) {
            Files.createSymbolicLink(launcher, Programs.PROJECT.resolve("shareferry"));
        }
        shell = start("bash", "--noprofile", "--norc");
        input = shell.outputWriter();
        output = shell.inputReader();
        // The first command that fails is named, and the block goes on, as it would on a terminal.
        input.write("trap 'echo \"failed with $?: $BASH_COMMAND\"' ERR\n");
    }

    private Process start(String... command) throws IOException {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        var environment = process.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.put("HOME", folder.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return process.start();
    }

    /// Runs a block, whose variables and folder stay for the next one.
    ///
    /// @return what it printed
    String run(String block) throws IOException {
        var file = Files.writeString(folder.resolve("block-" + blocks++ + ".sh"), block + "\n");
        // What a block prints need not end with a line's end.
        input.write(". " + file + " </dev/null\nprintf '\\n%s\\n' '" + END + "'\n");
        input.flush();
        var printed = new ArrayList<String>();
        for (var line = output.readLine(); !END.equals(line); line = output.readLine()) {
            assertThat(line).as("the shell ended after " + printed).isNotNull();
            printed.add(line);
        }
        assertThat(printed).as(block).noneMatch(line -> line.startsWith("failed with "));
        return String.join("\n", printed) + "\n";
    }

    /// Runs a command that stays in a terminal of its own.
    Open open(String command) throws IOException {
        return new Open(start("bash", "-c", "exec " + command.strip()));
    }

    /// A command that runs until it is interrupted.
    static final class Open {
        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();

        private Open(Process process) {
            this.process = process;
            Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
        }

        /// @return all lines, as soon as one of them has these words
        List<String> await(String words) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        assertThat(process.isAlive()).as("runs: " + lines).isTrue();
                        return lines.stream().anyMatch(line -> line.contains(words));
                    });
            return List.copyOf(lines);
        }

        /// As Ctrl-C does.
        void interrupt() throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Override
    public void close() throws IOException {
        shell.descendants().forEach(ProcessHandle::destroy);
        shell.destroy();
        input.close();
        output.close();
    }
}
