// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;

/// The temporary folder of a demo without `--dir`: created for it, locked while it runs, deleted at its end. If the
/// demo was killed, the folder remains; the next demo deletes it.
final class DemoFolder implements AutoCloseable {
    private static final String PREFIX = "shareferry-demo-";
    private static final String LOCK = "running";
    private static final String LOG = "service.log";
    private static final String LOGS = "shareferry-logs-";

    private final Path folder;
    private final FileChannel channel;

    private DemoFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// @param parent the folder for temporary files
    static DemoFolder make(Path parent) throws CommandException {
        deleteAbandoned(parent);
        try {
            var folder = Files.createTempDirectory(parent, PREFIX);
            var channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return new DemoFolder(folder, channel);
        } catch (IOException e) {
            throw new CommandException("Cannot create a folder in " + parent + "; name one with --dir.", e);
        }
    }

    /// @return where the deployment goes
    Path deployment() {
        return folder.resolve("deployment");
    }

    /// Copies the services' logs to a folder of their own, which no later demo deletes, under the same names.
    ///
    /// @param parent the folder for temporary files
    /// @return that folder; nothing if there are no logs, or they cannot be copied
    Optional<Path> keepLogs(Path parent) {
        try (var logs = Files.newDirectoryStream(deployment(), entry -> Files.isRegularFile(entry.resolve(LOG)))) {
            Optional<Path> kept = Optional.empty();
            for (var member : logs) {
                if (kept.isEmpty()) {
                    kept = Optional.of(Files.createTempDirectory(parent, LOGS));
                }
                var folderOfMember = Files.createDirectory(kept.get().resolve(String.valueOf(member.getFileName())));
                Files.copy(member.resolve(LOG), folderOfMember.resolve(LOG));
            }
            return kept;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void deleteAbandoned(Path parent) {
        try (var folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (var folder : folders) {
                if (isAbandoned(folder)) {
                    NewFiles.deleteAll(folder);
                }
            }
        } catch (IOException e) {
            // Another user's, or deleted by another demo in the meantime.
        }
    }

    private static boolean isAbandoned(Path folder) throws IOException {
        var file = folder.resolve(LOCK);
        if (!Files.isWritable(file)) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                @Nullable FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            NewFiles.deleteAll(folder);
            channel.close();
        } catch (IOException e) {
            // What could not be deleted now is abandoned, and deleted by the next demo.
        }
    }
}
