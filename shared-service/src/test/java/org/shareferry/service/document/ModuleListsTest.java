// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The images are built from the modules that `.dockerignore` and `Dockerfile` name. Both are lists of what is let in,
/// so that private keys in a checkout stay out, and they must follow the modules of pom.xml.
class ModuleListsTest {
    private static final Path ROOT = Path.of("..");

    private static List<String> modules() throws IOException {
        return Pattern.compile("<module>(.*)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    /// Modules with programs that are in the images.
    private static List<String> programs() throws IOException {
        return modules().stream()
                .filter(module -> Files.isDirectory(ROOT.resolve(module).resolve(Path.of("src", "main"))))
                .filter(module -> !module.equals("benchmarks") && !module.startsWith("examples/"))
                .toList();
    }

    @Test
    void the_context_of_the_images_has_every_pom_and_the_sources_of_programs() throws IOException {
        var lines = Files.readAllLines(ROOT.resolve(".dockerignore"));

        assertThat(modules())
                .isNotEmpty()
                .allSatisfy(module -> assertThat(lines)
                        .as("Maven reads the pom.xml of every module; add this line to .dockerignore")
                        .contains("!" + module + "/pom.xml"));
        assertThat(programs())
                .isNotEmpty()
                .allSatisfy(module ->
                        assertThat(lines).as("add this line to .dockerignore").contains("!" + module + "/src/main"));
    }

    @Test
    void the_images_are_built_from_all_programs() throws IOException {
        var text = Files.readString(ROOT.resolve("Dockerfile"));

        assertThat(text).as("MODULES in Dockerfile").contains("MODULES=\"" + String.join(",", programs()) + "\"");
        assertThat(programs())
                .allSatisfy(module -> assertThat(text.lines())
                        .as("add this line to Dockerfile")
                        .contains("COPY " + module + " " + module));
    }
}
