// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shareferry.doctor.Shell;

/// How this program was called, so that a command that it prints can be pasted where it was called.
///
/// @param command such as `./shareferry`
public record CalledAs(String command) {
    /// The name under which the launcher was called.
    static final String PROPERTY = "shareferry.command";

    private static final Pattern WORD = Pattern.compile("(?<![\\w./-])shareferry(?= [a-z])");

    /// @return the name from the launcher, or the default
    public static CalledAs byLauncher() {
        return new CalledAs(System.getProperty(PROPERTY, "shareferry"));
    }

    /// @return the commands with each `shareferry` as it was called
    public String in(String commands) {
        return WORD.matcher(commands).replaceAll(Matcher.quoteReplacement(Shell.word(command)));
    }
}
