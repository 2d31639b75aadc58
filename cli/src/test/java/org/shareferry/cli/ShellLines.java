// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Finds this program's commands in lines of a shell, as examples and documents have them.
public final class ShellLines {
    private static final Pattern COMMAND = Pattern.compile(
            "(?:^|[|;&(]|docker compose run --rm)\\s*(?:\\./)?shareferry((?:\\s+(?:'[^']*'|\"[^\"]*\"|[^\\s|;&>#)'\"]+))+)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    private ShellLines() {}

    /// @param lines of a shell; a backslash at the end joins a line with the next
    /// @return the arguments of each command
    public static List<List<String>> commands(List<String> lines) {
        var found = new ArrayList<List<String>>();
        var text = String.join("\n", lines).replaceAll("\\\\\\n\\s*", " ");
        text.lines()
                .filter(line -> !line.strip().startsWith("#"))
                .map(line -> line.replaceFirst("\\s#.*$", ""))
                .forEach(line -> COMMAND.matcher(line).results().forEach(match -> found.add(words(match.group(1)))));
        return found;
    }

    private static List<String> words(String arguments) {
        return WORD.matcher(arguments)
                .results()
                .map(match -> match.group(1) != null
                        ? match.group(1)
                        : match.group(2) != null ? match.group(2) : match.group(3))
                .toList();
    }
}
