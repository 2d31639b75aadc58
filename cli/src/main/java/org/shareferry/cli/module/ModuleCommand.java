// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.module;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry module`: writes `shareferry.py` and the canary, which are in party-service's sources.
@Command(
        name = "module",
        description = {
            "Put shareferry.py, which MP-SPDZ programs import, into a folder, and the program of shareferry canary beside"
                    + " it or into Programs/Source.",
            "Name MP-SPDZ's own folder (where compile.py is), or one that is in PYTHONPATH. "
                    + "An older shareferry.py there is replaced."
        },
        footer = {"", "Example:", "  shareferry module --to ~/MP-SPDZ"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ModuleCommand implements Callable<Integer> {
    /// What every version of the module has, and hardly another file.
    private static final String OURS = "SPDX-FileCopyrightText: The Shareferry authors";

    @Spec
    private CommandSpec spec;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "Where to put it.")
    private Path folder;

    @Override
    public Integer call() throws CommandException {
        if (!Files.isDirectory(folder)) {
            throw new CommandException(folder + " is not a folder; name the one with MP-SPDZ's compile.py.");
        }
        var out = spec.commandLine().getOut();
        var sources = folder.resolve("Programs").resolve("Source");
        out.println(put(folder, MpSpdzPrograms.MODULE));
        out.println(put(Files.isDirectory(sources) ? sources : folder, MpSpdzPrograms.CANARY));
        if (!Files.exists(folder.resolve("compile.py"))) {
            out.println("MP-SPDZ's compile.py is not in this folder: name the folder in PYTHONPATH when you compile.");
        }
        return 0;
    }

    private static Path put(Path folder, String name) throws CommandException {
        var file = folder.resolve(name);
        if (Files.exists(file) && !NewFiles.read(file).contains(OURS)) {
            throw new CommandException(file
                    + " is not a version of this module and was not changed; move it away or name another folder.");
        }
        NewFiles.replacePublic(file, MpSpdzPrograms.read(name));
        return file;
    }
}
