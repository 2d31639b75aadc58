// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.shareferry.cli.CommandException;
import org.shareferry.file.BoundedFile;

/// Creates files and folders. No method overwrites a file unless it is named for that.
public final class NewFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER = mode("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE = mode("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> PUBLIC_FILE = mode("rw-r--r--");

    /// The largest file that a command reads, in bytes: a hand-over with its shares.
    private static final int LARGEST = 256 << 20;

    private NewFiles() {}

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /// Makes a folder that only its owner may enter, and its parents as usual; one that is there is taken as
    /// it is.
    ///
    /// @throws CommandException when it cannot be created
    public static void folder(Path folder) throws CommandException {
        try {
            var parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder, OWNER_FOLDER);
            }
        } catch (IOException e) {
            throw new CommandException("Cannot create the folder " + folder + "; check the path and its owner.", e);
        }
    }

    /// Like [#folder], but refuses one that has anything in it.
    ///
    /// @throws CommandException when it has, or cannot be made
    public static void emptyFolder(Path folder) throws CommandException {
        folder(folder);
        requireEmpty(folder);
    }

    /// @throws CommandException when it has anything in it, or cannot be read
    public static void requireEmpty(Path folder) throws CommandException {
        try (var entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new CommandException(
                        folder + " is not empty and was not changed; name a folder that does not exist yet.");
            }
        } catch (IOException e) {
            throw new CommandException("The folder " + folder + " cannot be read; check its owner.", e);
        }
    }

    /// @param file must not exist yet; everyone may read it
    /// @throws CommandException when it exists or cannot be written
    public static void writePublic(Path file, String content) throws CommandException {
        write(file, content.getBytes(StandardCharsets.UTF_8), PUBLIC_FILE);
    }

    /// @param file must not exist yet; only its owner may read it
    /// @throws CommandException when it exists or cannot be written
    public static void writeSecret(Path file, byte[] content) throws CommandException {
        write(file, content, OWNER_FILE);
    }

    private static void write(Path file, byte[] content, FileAttribute<?> mode) throws CommandException {
        try (var out = open(file, mode)) {
            out.write(content);
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be written; check that its folder exists and is yours.", e);
        }
    }

    /// Refuses if any of these exists, before anything is written.
    ///
    /// @throws CommandException naming the first that exists
    public static void requireAbsent(Iterable<Path> files) throws CommandException {
        for (var file : files) {
            if (Files.exists(file)) {
                throw exists(file);
            }
        }
    }

    private static CommandException exists(Path file) {
        return new CommandException(file + " already exists and was not changed; move it away or name another.");
    }

    private static OutputStream open(Path file, FileAttribute<?> mode) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return Channels.newOutputStream(Files.newByteChannel(file, options, mode));
    }

    /// Replaces a file that everyone may read, at once: a reader sees the old content or the new.
    ///
    /// @throws CommandException when it cannot be written
    public static void replacePublic(Path file, String content) throws CommandException {
        replacePublic(Map.of(file, content));
    }

    /// Replaces several files that everyone may read. All are written beside their places before the first one is
    /// moved there, in the order of the map, so that a full disk or a folder that is not ours changes none of them.
    ///
    /// @throws CommandException when one cannot be written
    public static void replacePublic(Map<Path, String> contents) throws CommandException {
        var place = contents.keySet().stream().findFirst().orElse(Path.of(""));
        try {
            for (var content : contents.entrySet()) {
                place = content.getKey();
                Files.deleteIfExists(aside(place));
                writePublic(aside(place), content.getValue());
            }
            for (var file : contents.keySet()) {
                place = file;
                Files.move(aside(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new CommandException(place + " cannot be replaced; check that it and its folder are yours.", e);
        } finally {
            deleteAsides(contents.keySet());
        }
    }

    private static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private static void deleteAsides(Iterable<Path> files) {
        for (var file : files) {
            try {
                Files.deleteIfExists(aside(file));
            } catch (IOException e) {
                // It does no harm: the next write replaces it.
            }
        }
    }

    /// @return the file's text
    /// @throws CommandException when it is missing or cannot be read
    public static String read(Path file) throws CommandException {
        try {
            return BoundedFile.readText(file, LARGEST);
        } catch (NoSuchFileException e) {
            throw new CommandException(file + " does not exist; check the path.", e);
        } catch (BoundedFile.TooLargeException e) {
            throw new CommandException(
                    file + " is larger than " + (LARGEST >> 20) + " MiB; check that it is the right file.", e);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read as text; check that it is the right file.", e);
        }
    }

    /// Deletes a folder with its content; missing files are not an error.
    public static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
