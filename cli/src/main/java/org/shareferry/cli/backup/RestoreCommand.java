// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.json.PlainText;
import org.shareferry.keys.PrivateFile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry restore`.
@Command(
        name = "restore",
        description = {
            "Make a member's folder from a backup, and print what has to be done before its service starts.",
            "All digests are checked before anything is written, and the folder appears only when it is complete. Run"
                    + " it as the service's user, and stop the service that used the former folder."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry restore C0.backup.tar --to site/C0",
            "  shareferry restore C0.backup.tar --check"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A backup by shareferry backup.")
    private Path file;

    @Mixin
    private FormOption form;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target;

    /// Where to, if anywhere.
    static final class Target {
        @Option(names = "--to", paramLabel = "DIR", description = "The new folder; must not exist, or be empty.")
        private Path folder;

        @Option(names = "--check", description = "Only check the backup, and say what it is of.")
        private boolean isCheck;
    }

    @Override
    public Integer call() throws CommandException {
        requireOurs();
        var archive = new Archive(file);
        if (target.isCheck) {
            report(archive.verify(), Optional.empty());
            return 0;
        }
        var folder = target.folder.toAbsolutePath().normalize();
        requireEmpty(folder);
        var manifest = archive.verify();
        try (var work = WorkFolder.beside(folder)) {
            var whole = Files.createDirectory(work.path().resolve("member"), WorkFolder.OWNER_ONLY);
            archive.extract(manifest, whole);
            Files.move(whole, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandException(
                    folder + " cannot be made; check its parent's owner and space, and that it is no mount point.", e);
        }
        report(manifest, Optional.of(folder));
        return 0;
    }

    /// Whoever can change a backup decides which settings and keys are restored.
    private void requireOurs() throws CommandException {
        try {
            var exposure = PrivateFile.exposure(file);
            if (exposure.isPresent()) {
                throw new CommandException(file + " is accessible to " + exposure.get()
                        + "; check where it comes from, and then chmod 600 it.");
            }
            var owner = PrivateFile.foreignOwner(file);
            if (owner.isPresent()) {
                throw new CommandException(file + " belongs to " + owner.get()
                        + ", who is neither this user nor root; check where it comes from, and then chown it.");
            }
            var writers = PrivateFile.writers(file);
            if (writers.isPresent()) {
                throw new CommandException(file + " can be changed by " + writers.get()
                        + "; check where it comes from, and then move it to a folder that only you can write.");
            }
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read; check the path and its owner.", e);
        }
    }

    private static void requireEmpty(Path folder) throws CommandException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new CommandException(folder + " is not a folder; name one that does not exist yet.");
        }
        NewFiles.requireEmpty(folder);
    }

    /// @param folder where it was restored; empty if it was only checked
    private void report(Manifest manifest, Optional<Path> folder) {
        if (form.isJson()) {
            var root = manifest.summary();
            folder.ifPresent(restored -> {
                root.put("folder", restored.toString());
                new NextSteps(manifest, restored).steps().forEach(root.putArray("nextSteps")::add);
            });
            out().println(JsonText.of(root));
            return;
        }
        describe(manifest);
        folder.ifPresent(restored -> NextSteps.print(manifest, restored, out()));
    }

    private void describe(Manifest manifest) {
        out().println("Backup of " + manifest.member() + " (" + manifest.service() + " "
                + PlainText.of(manifest.version()) + ", " + manifest.database().kind() + " format "
                + PlainText.of(manifest.database().schema()) + ") of " + manifest.time() + ", "
                + (manifest.hasKeys() ? "with" : "without") + " private keys, "
                + manifest.files().size()
                + " files, all digests hold.");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
