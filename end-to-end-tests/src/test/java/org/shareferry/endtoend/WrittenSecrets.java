// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Finds passwords and other secrets that are written in settings, with their values.
final class WrittenSecrets {
    private static final Pattern SETTINGS = Pattern.compile(".*\\.(?:ya?ml|properties|env|toml|json)");

    /// A placeholder without a default value.
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[\\w.]*(?::-?)?\\}");

    /// A key that names a secret, and its value, unless this is empty, a truth value, a nested object or a path.
    private static final Pattern WRITTEN =
            Pattern.compile("(?i)(?:password|passphrase|secret|token|credential|api-?key)s?[\"']?\\s*[:=]\\s*"
                    + "(?![\"']{2}|[{\\[#|>]|[\"']?(?:true|false)\\b|[\"']?(?:/|\\./|file:))\\S");

    private WrittenSecrets() {}

    /// @return the number of each line, from 1 on, that has a secret
    static List<Integer> lines(String settings) {
        var lines = settings.lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> WRITTEN.matcher(PLACEHOLDER.matcher(lines.get(i)).replaceAll(""))
                        .find())
                .mapToObj(i -> i + 1)
                .toList();
    }

    /// @return the place of each secret in settings files of a folder, such as `deploy/application.yml:7`
    static List<String> in(Path folder) throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile)
                    .filter(file ->
                            SETTINGS.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList()) {
                lines(Files.readString(file)).forEach(line -> found.add(folder.relativize(file) + ":" + line));
            }
        }
        return found;
    }
}
