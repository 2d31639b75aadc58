// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of applications, as processes.
final class Programs {
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private Programs() {}

    static Process start(Map<String, String> environment, Path folder, List<String> command) throws IOException {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        process.environment().putAll(environment);
        process.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        var started = process.start();
        started.getOutputStream().close();
        return started;
    }

    /// @return what it printed
    static String run(Map<String, String> environment, Path folder, List<String> command) throws Exception {
        var process = start(environment, folder, command);
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /// @return whether a command is there and succeeds; CI may lack some
    static boolean succeeds(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// @return a Python that has these modules, if one is installed
    static Optional<String> pythonWith(String modules) {
        return Stream.of("python3", "/usr/bin/python3")
                .filter(python -> succeeds(python, "-c", "import " + modules))
                .findFirst();
    }

    /// @return the project's version, from the one place that has it
    static String version() throws IOException {
        var pom = Files.readString(PROJECT.resolve("pom.xml"));
        return pom.substring(pom.indexOf("<revision>") + "<revision>".length(), pom.indexOf("</revision>"));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
