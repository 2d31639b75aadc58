// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.json;

import java.util.regex.Pattern;

/// Text of others that people read in a terminal or a log. Characters that would steer the terminal (C0 and C1, of
/// ECMA-48), turn the direction of what follows or break the line become spaces.
public final class PlainText {
    /// Unlike `\p{Cntrl}`, which is ASCII only, `Cc` has C1, too: terminals take U+009B for ESC and `[`.
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private PlainText() {}

    /// @return the text on one line, with a space in place of each run of such characters
    public static String of(String text) {
        return STEERING.matcher(text).replaceAll(" ");
    }
}
