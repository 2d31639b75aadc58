// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.roster;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `shareferry roster`.
@Command(
        name = "roster",
        description = "Create and show the roster: the members and their keys.",
        footer = {"", "Example:", "  shareferry roster show --roster roster.json"})
@SuppressWarnings("NullAway.Init") // picocli sets the field before it calls
public final class RosterCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private RosterCommand() {}

    /// @return the command with its subcommands
    public static CommandLine commandLine() {
        return new CommandLine(new RosterCommand())
                .addSubcommand(new RosterAddCommand())
                .addSubcommand(new RosterShowCommand());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do: roster add, or roster show");
    }
}
