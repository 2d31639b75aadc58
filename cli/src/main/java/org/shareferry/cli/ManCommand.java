// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.shareferry.cli.files.NewFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry man`.
@Command(
        name = "man",
        description = "Write the manual pages of all commands into a folder: shareferry.1, shareferry-demo.1, ...",
        footer = {"", "Example:", "  shareferry man ~/.local/share/man/man1"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where to; pages of the same names are replaced.")
    private Path folder;

    @Override
    public Integer call() throws CommandException {
        NewFiles.folder(folder);
        int written = write(spec.root().commandLine());
        spec.commandLine().getOut().println("Wrote " + written + " pages to " + folder + ".");
        return 0;
    }

    private int write(CommandLine line) throws CommandException {
        var page = new ManPage(line);
        NewFiles.replacePublic(folder.resolve(page.name() + ".1"), page.roff());
        int written = 1;
        for (var sub : line.getSubcommands().values()) {
            if (!sub.getCommandSpec().usageMessage().hidden()) {
                written += write(sub);
            }
        }
        return written;
    }
}
