// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.util.Optional;
import org.shareferry.cli.CommandException;

/// Asks before something is done that cannot be undone.
public final class Confirmation {
    private Confirmation() {}

    /// Asks on the terminal.
    ///
    /// @param question a sentence that ends with a question mark
    /// @throws CommandException unless the answer is yes; also without a terminal
    public static void require(String question) throws CommandException {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new CommandException(question + " This is no terminal, so nobody can be asked. Add --yes to do it.");
        }
        require(Optional.ofNullable(console.readLine("%s Type yes to go on: ", question)));
    }

    static void require(Optional<String> answer) throws CommandException {
        if (answer.map(String::strip).filter("yes"::equals).isEmpty()) {
            throw new CommandException("The answer was not yes, so nothing was done.");
        }
    }
}
