// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.nio.file.Path;

/// Words of commands that people copy into their shell.
final class Shell {
    private Shell() {}

    /// @return the path as one word
    static String word(Path path) {
        return word(path.toString());
    }

    /// @return the text as one word of a POSIX shell
    static String word(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
