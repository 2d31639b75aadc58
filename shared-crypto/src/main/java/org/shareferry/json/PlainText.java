// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.json;

import java.util.regex.Pattern;

/// Makes text of other members safe for terminals and logs. Terminal control characters (C0 and C1 of ECMA-48),
/// marks of text direction and line breaks become spaces.
public final class PlainText {
    /// Unlike `\p{Cntrl}`, which is ASCII only, `Cc` includes C1: terminals treat U+009B like ESC and `[`.
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private PlainText() {}

    /// @return the text on one line, with a space in place of each run of such characters
    public static String of(String text) {
        return STEERING.matcher(text).replaceAll(" ");
    }
}
