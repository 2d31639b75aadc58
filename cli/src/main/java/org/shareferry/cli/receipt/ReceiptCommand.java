// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.receipt;

import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The group of commands on receipts.
@Command(
        name = "receipt",
        description = "Receipts: a client's signed confirmations that it has envelopes.",
        footer = {
            "",
            "Examples:",
            "  shareferry receipt get 4c33fafb3e20a3fb9a7abeddcf53e347-0 --member P1 --out receipts.json --dir site",
            "  shareferry receipt verify receipts.json --roster site/roster.json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the field before it calls
public final class ReceiptCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private ReceiptCommand() {}

    /// @param clock by which certificates are judged
    /// @return the command with its subcommands
    public static CommandLine commandLine(Clock clock) {
        return new CommandLine(new ReceiptCommand())
                .addSubcommand(new ReceiptGetCommand(clock))
                .addSubcommand(new ReceiptVerifyCommand());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A subcommand is required: receipt get or receipt verify");
    }
}
