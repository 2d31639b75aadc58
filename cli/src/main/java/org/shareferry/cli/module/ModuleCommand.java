// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.module;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry module`: writes `shareferry.py`, the same file that lies in party-service's sources.
@Command(
        name = "module",
        description = {
            "Put shareferry.py, which MP-SPDZ programs import, into a folder.",
            "Name MP-SPDZ's own folder (where compile.py is), or one that is in PYTHONPATH. "
                    + "An older shareferry.py there is replaced."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ModuleCommand implements Callable<Integer> {
    private static final String NAME = "shareferry.py";

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
        var file = folder.resolve(NAME);
        if (Files.exists(file) && !NewFiles.read(file).contains(OURS)) {
            throw new CommandException(file
                    + " is not a version of this module and is left as it is; move it away or name another folder.");
        }
        NewFiles.replacePublic(file, module());
        var out = spec.commandLine().getOut();
        out.println(file);
        if (!Files.exists(folder.resolve("compile.py"))) {
            out.println("MP-SPDZ's compile.py is not in this folder: name the folder in PYTHONPATH when you compile.");
        }
        return 0;
    }

    private static String module() {
        try (var in = ModuleCommand.class.getResourceAsStream("/mpspdz/" + NAME)) {
            if (in == null) {
                throw new IllegalStateException(NAME + " is missing from the program's own archive");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
