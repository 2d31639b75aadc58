// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The module that MP-SPDZ programs import, read as text.
final class ModuleSource {
    static final Path FOLDER = Path.of("src", "main", "mpspdz").toAbsolutePath();
    static final Path FILE = FOLDER.resolve("shareferry.py");

    private final String text;

    private ModuleSource(String text) {
        this.text = text;
    }

    static ModuleSource read() {
        try {
            return new ModuleSource(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return the number that a name at the left margin is bound to
    long constant(String name) {
        var matcher =
                Pattern.compile("(?m)^" + name + " = (0x[0-9A-Fa-f]+|[0-9]+)$").matcher(text);
        assertThat(matcher.find()).as("shareferry.py binds " + name).isTrue();
        return Long.decode(matcher.group(1));
    }

    /// @return all matches of a pattern's first group, in order
    List<String> all(String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
