// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shareferry.site.Shell;

/// How this program was called, so that a command that it prints can be pasted where it was called.
///
/// @param command such as `./shareferry`
public record LauncherName(String command) {
    /// The name under which the launcher was called.
    static final String PROPERTY = "shareferry.command";

    /// A quoted word of a shell, which is kept, or the name. An apostrophe within a word does not begin a quotation.
    private static final Pattern WORD =
            Pattern.compile("(?<!\\w)'[^']*'(?:\\\\'(?:'[^']*')?)*|(?<![\\w./-])shareferry(?= [a-z])");

    /// @return the name from the launcher, or the default
    public static LauncherName byLauncher() {
        return new LauncherName(System.getProperty(PROPERTY, "shareferry"));
    }

    /// @param commands text with commands; paths in it are quoted by [Shell#word]
    /// @return the same with each `shareferry` as it was called
    public String in(String commands) {
        return WORD.matcher(commands)
                .replaceAll(found ->
                        Matcher.quoteReplacement(found.group().startsWith("'") ? found.group() : Shell.word(command)));
    }
}
