// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// A service's `application.yml`, found and read as the service does: names in any spelling, lists with
/// commas or as lists, `${name:default}`, and environment variables before the file.
final class SettingsFile {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:{}]+)(?::([^{}]*))?}");
    private static final List<String> PLACES = List.of("config/application.yml", "application.yml");

    private final Path file;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> environment;

    private SettingsFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /// @param folder in which the service is started
    /// @return where its settings are, if it has some
    static Optional<Path> in(Path folder) {
        return PLACES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /// @param environment variables that go before the file, such as `SHAREFERRY_MEMBER`
    /// @throws CommandException when the file is missing or is no YAML
    static SettingsFile read(Path file, Map<String, String> environment) throws CommandException {
        var settings = new SettingsFile(file, environment);
        try {
            var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
            for (var document : yaml.loadAll(NewFiles.read(file))) {
                settings.flatten("", document);
            }
            return settings;
        } catch (YAMLException e) {
            throw new CommandException(file + " is not well-formed YAML; correct it.", e);
        }
    }

    private void flatten(String name, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> flatten(name.isEmpty() ? "" + key : name + "." + key, inner));
        } else if (value instanceof List<?> list) {
            values.put(
                    plain(name),
                    String.join(",", list.stream().map(String::valueOf).toList()));
        } else if (value != null) {
            values.put(plain(name), value.toString());
        }
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }

    /// @return the file itself
    Path file() {
        return file;
    }

    /// @param name with hyphens, such as `shareferry.identity-key`
    Optional<String> find(String name) {
        var variable = name.toUpperCase(Locale.ROOT).replace(".", "_").replace("-", "");
        var text =
                Optional.ofNullable(environment.get(variable)).or(() -> Optional.ofNullable(values.get(plain(name))));
        return text.map(this::resolve).map(String::strip).filter(value -> !value.isEmpty());
    }

    private String resolve(String text) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(Optional.ofNullable(environment.get(match.group(1)))
                        .or(() -> Optional.ofNullable(values.get(plain(match.group(1)))))
                        .orElse(match.group(2) == null ? "" : match.group(2))));
    }

    /// @throws CommandException when it is not set
    String require(String name) throws CommandException {
        return find(name).orElseThrow(() -> new CommandException(file + " does not set " + name + "; add it."));
    }

    /// @return the parts between commas
    List<String> list(String name) {
        return find(name).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
