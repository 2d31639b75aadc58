// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.shareferry.member.MemberName;

/// Builds shell commands for copying.
public final class Shell {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Shell() {}

    /// @return the path as one word
    public static String word(Path path) {
        return word(path.toString());
    }

    /// @return the text as one word of a POSIX shell
    public static String word(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /// @return a suffix for file names that is unique over time
    public static String stamp(Instant now) {
        return STAMP.format(now);
    }

    /// @return a command that makes this user the owner of a file
    public static String own(Path file) {
        return "sudo chown \"$USER\" " + word(file) + " && chmod u+rw " + word(file) + " # as the service's user";
    }

    /// @return a command that starts a member's service
    public static String start(MemberName member) {
        return "java -jar PATH/TO/" + member.role().text() + "-service.jar # at " + member
                + ", in the folder with its application.yml";
    }
}
