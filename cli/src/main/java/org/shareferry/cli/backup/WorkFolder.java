// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.process.Shutdown;

/// A hidden folder beside the result of a command, for its owner only. It is deleted at the end, also at
/// Ctrl-C. It has copies of keys and databases, so it is not in the system's folder for temporary files. What
/// is complete can be moved from it to its final place in one step.
///
/// @param path of the folder
record WorkFolder(Path path) implements AutoCloseable {
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /// @param place beside which it is; its parent is made if it is missing
    static WorkFolder beside(Path place) throws CommandException {
        var parent = place.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            throw new CommandException(place + " is not a place for a file or folder; name another.");
        }
        try {
            Files.createDirectories(parent);
            var folder = new WorkFolder(Files.createTempDirectory(parent, ".shareferry-", OWNER_ONLY));
            Shutdown.run(folder::close);
            return folder;
        } catch (IOException e) {
            throw new CommandException("Nothing can be written in " + parent + "; check its owner.", e);
        }
    }

    @Override
    public void close() {
        try {
            NewFiles.deleteAll(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " has copies of private files and could not be deleted", e);
        }
    }
}
