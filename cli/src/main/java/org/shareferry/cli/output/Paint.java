// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.util.Map;
import picocli.CommandLine;

/// Colours for important words. The text is the same without them: no information is given by colour alone.
public final class Paint {
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final String RED = "31";

    /// The colours by the first word of a line.
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("VERIFIED", GREEN),
            Map.entry("Verified", GREEN),
            Map.entry("checked", GREEN),
            Map.entry("received", GREEN),
            Map.entry("✓", GREEN),
            Map.entry("UNVERIFIED", YELLOW),
            Map.entry("held", YELLOW),
            Map.entry("!", YELLOW),
            Map.entry("REJECTED", RED),
            Map.entry("refused", RED),
            Map.entry("expired", RED),
            Map.entry("unusable", RED),
            Map.entry("✗", RED));

    private final boolean isOn;

    private Paint(boolean isOn) {
        this.isOn = isOn;
    }

    /// @param line the command that prints
    public static Paint of(CommandLine line) {
        return new Paint(line.getColorScheme().ansi().enabled());
    }

    /// @return for text that goes elsewhere than to a terminal
    public static Paint none() {
        return new Paint(false);
    }

    /// @param text without control characters
    /// @return the line, coloured if its verdict or its first word is important
    public String state(String text) {
        var after = text.substring(text.lastIndexOf(", ") < 0 ? 0 : text.lastIndexOf(", ") + 2);
        var colour = WORDS.get(firstWord(after));
        var other = WORDS.get(firstWord(text));
        return colour != null ? in(colour, text) : other != null ? in(other, text) : text;
    }

    /// @return the same, bold
    public String head(String text) {
        return in("1", text);
    }

    private static String firstWord(String text) {
        return text.strip().split("[ ,.:]", 2)[0];
    }

    private String in(String code, String text) {
        return isOn ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
