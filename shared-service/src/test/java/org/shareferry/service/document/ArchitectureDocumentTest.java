// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// ARCHITECTURE.md names classes and methods, and they must exist. When you rename one, rename it there as well.
class ArchitectureDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.([a-z]\\w+))?`");

    private record Name(String type, Optional<String> method) {}

    private static List<Name> names() throws IOException {
        return NAME.matcher(Files.readString(ROOT.resolve("ARCHITECTURE.md")))
                .results()
                .map(match -> new Name(match.group(1), Optional.ofNullable(match.group(2))))
                .distinct()
                .toList();
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        try (var modules = Files.newDirectoryStream(ROOT, module -> Files.isDirectory(module.resolve("src")))) {
            for (var module : modules) {
                try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    /// A declaration is indented once and begins with modifiers or a type. A call does not count.
    private static boolean declares(String source, String method) {
        return Pattern.compile("(?m)^ {4}[\\w@][^=;(]* " + method + "\\(")
                .matcher(source)
                .find();
    }

    private static boolean exists(Name name, List<Path> sources) throws IOException {
        for (var source : sources) {
            if (source.getFileName().toString().equals(name.type() + ".java")) {
                var text = Files.readString(source);
                if (name.method().stream().allMatch(method -> declares(text, method))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void every_class_and_method_that_is_named_exists() throws IOException {
        var sources = sources();
        var missing = new ArrayList<Name>();

        for (var name : names()) {
            if (!exists(name, sources)) {
                missing.add(name);
            }
        }

        assertThat(names()).isNotEmpty();
        assertThat(missing)
                .as("names in ARCHITECTURE.md without a class or method")
                .isEmpty();
    }
}
