// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

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

        void check(String printed) {
            if (!expected.isEmpty()) {
                assertThat(printed).as(commands).containsPattern(pattern());
            }
        }

        private Pattern pattern() {
            var pattern = new StringBuilder("(?m)");
            for (var line : expected.split("\n", -1)) {
                if (line.equals(ANYTHING)) {
                    pattern.append("(?:.*\\n)*?");
                } else if (!line.isEmpty()) {
                    var words = new ArrayList<String>();
                    for (var word : line.strip().split(" +")) {
                        words.add(Pattern.quote(word).replace(ANYTHING, "\\E.*\\Q"));
                    }
                    pattern.append("^ *").append(String.join(" *", words)).append(" *\\n");
                }
            }
            return Pattern.compile(pattern.toString());
        }
    }

    /// @param document its file, from the project's folder on
    static Walkthrough of(String document) throws IOException {
        var steps = new ArrayList<Step>();
        var blocks = BLOCK.matcher(Files.readString(Programs.PROJECT.resolve(document)));
        while (blocks.find()) {
            if (blocks.group(2).equals("sh")) {
                steps.add(new Step(blocks.group(3), ""));
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
