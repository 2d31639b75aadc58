// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.member;

import org.shareferry.cli.CommandException;
import org.shareferry.member.MemberName;

/// Members' names on the command line.
public final class Members {
    private Members() {}

    /// @throws CommandException when the text is no member's name
    public static MemberName name(String text) throws CommandException {
        try {
            return MemberName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "\"" + text + "\" is no member's name: write P, R or C and a number, such as P0, R0 or C0.", e);
        }
    }
}
