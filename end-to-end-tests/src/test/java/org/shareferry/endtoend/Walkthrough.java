// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A document whose commands are followed one by one.
///
/// @param steps in order
record Walkthrough(String document, List<Step> steps) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\S*)[^\\n]*\\n(.*?)^ *```$");
    /// In what is expected, what differs from time to time; alone on a line, any lines.
    private static final String ANYTHING = "…";

    Walkthrough {
        steps = List.copyOf(steps);
    }

    /// @param commands a block for a shell
    /// @param expected what it prints, as the document has it below; nothing if it does not say
    record Step(String commands, String expected) {
        /// @return whether the command does not end by itself
        boolean isOpen() {
            return commands.matches("\\./shareferry (demo|run)\\b[^\\n]*\\n");
        }

        /// @param change of its words
        Step with(UnaryOperator<String> change) {
            return new Step(change.apply(commands), change.apply(expected));
        }

        /// Looks for the expected lines, one part between two lines of [#ANYTHING] after the other. Spaces do not
        /// count.
        void check(String printed) {
            var lines = printed.lines().map(Step::dense).toList();
            int at = 0;
            for (var part : expected.split("(?m)^" + ANYTHING + "$")) {
                var wanted = part.lines()
                        .map(Step::dense)
                        .filter(line -> !line.isEmpty())
                        .toList();
                int found = find(wanted, lines, at);
                assertThat(found)
                        .as(() -> commands + "printed:\n" + printed + "without, in this order:\n" + part)
                        .isNotNegative();
                at = found + wanted.size();
            }
        }

        private static String dense(String line) {
            return line.replace(" ", "");
        }

        /// @return where these lines begin, from a line on; -1 if nowhere
        private static int find(List<String> wanted, List<String> lines, int from) {
            for (int at = from; at <= lines.size() - wanted.size(); at++) {
                int begin = at;
                if (IntStream.range(0, wanted.size()).allMatch(i -> matches(wanted.get(i), lines.get(begin + i)))) {
                    return at;
                }
            }
            return -1;
        }

        private static boolean matches(String wanted, String line) {
            var parts = wanted.split(ANYTHING, -1);
            if (parts.length == 1) {
                return line.equals(wanted);
            }
            var last = parts[parts.length - 1];
            if (!line.startsWith(parts[0]) || !line.endsWith(last)) {
                return false;
            }
            int at = parts[0].length();
            for (int i = 1; i < parts.length - 1; i++) {
                int found = line.indexOf(parts[i], at);
                if (found < 0) {
                    return false;
                }
                at = found + parts[i].length();
            }
            return at <= line.length() - last.length();
        }
    }

    /// @param document its file, from the project's folder on
    static Walkthrough of(String document) throws IOException {
        var steps = new ArrayList<Step>();
        var blocks = BLOCK.matcher(Files.readString(Programs.PROJECT.resolve(document)));
        while (blocks.find()) {
            if (blocks.group(2).equals("sh")) {
                steps.add(new Step(blocks.group(3).stripTrailing().stripIndent() + "\n", ""));
            } else if (blocks.group(2).equals("text") && !steps.isEmpty()) {
                var before = steps.removeLast();
                steps.add(new Step(before.commands(), before.expected() + blocks.group(3)));
            }
        }
        return new Walkthrough(document, steps);
    }

    /// @param words that the commands of one step have, and no other's
    Step step(String words) {
        var found =
                steps.stream().filter(step -> step.commands().contains(words)).toList();
        assertThat(found).as(document + ": " + words).hasSize(1);
        return found.getFirst();
    }
}
