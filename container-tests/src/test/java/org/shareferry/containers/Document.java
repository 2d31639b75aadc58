// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The commands of a document, to be run as they stand there.
///
/// @param text in Markdown
record Document(String text) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```sh\\n(.*?)^ *```$");

    static Document of(String name) {
        return new Document(Checkout.clean().read(name));
    }

    /// @param words that one block of commands has, and no other
    /// @return the commands; what is continued on a second line is one
    List<String> commands(String words) {
        var found = BLOCK.matcher(text)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(words))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " blocks of commands have \"" + words + "\"");
        }
        return found.getFirst()
                .replaceAll("\\\\\\n *", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    List<MatchResult> find(String pattern) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }
}
