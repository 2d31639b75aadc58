// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// What somebody may have meant who mistyped a command or an option.
final class Suggestions {
    private static final int MOST = 3;

    private Suggestions() {}

    /// @param typed is neither a command nor an option of the line
    /// @return a question with its mark and a space before it, or nothing
    static String of(String typed, CommandLine line) {
        var word = typed.split("=", 2)[0];
        var near = candidates(line, word.startsWith("-"))
                .map(candidate -> Map.entry(candidate, distance(word, candidate)))
                .filter(entry -> entry.getValue() <= Math.max(1, word.length() / 3))
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Comparator.comparing(Map.Entry::getKey)))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .toList();
        return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?";
    }

    private static Stream<String> candidates(CommandLine line, boolean isOption) {
        var spec = line.getCommandSpec();
        return isOption
                ? spec.options().stream()
                        .filter(option -> !option.hidden())
                        .map(OptionSpec::names)
                        .flatMap(Stream::of)
                : spec.subcommands().entrySet().stream()
                        .filter(entry -> !entry.getValue()
                                .getCommandSpec()
                                .usageMessage()
                                .hidden())
                        .map(Map.Entry::getKey);
    }

    /// How many letters must be changed, added, left out or exchanged with their neighbour (Damerau and
    /// Levenshtein).
    static int distance(String one, String other) {
        var costs = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    costs[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                costs[i][j] = least(costs[i - 1][j] + 1, costs[i][j - 1] + 1, costs[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    costs[i][j] = Math.min(costs[i][j], costs[i - 2][j - 2] + 1);
                }
            }
        }
        return costs[one.length()][other.length()];
    }

    private static int least(int... numbers) {
        return java.util.Arrays.stream(numbers).min().orElseThrow();
    }
}
