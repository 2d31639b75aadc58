// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.storage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.ToLongFunction;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.site.Database;
import org.shareferry.site.Shell;

/// Checks whether a database can be written, and the free space.
public final class StorageCheck {
    private static final long MEBI = 1L << 20;
    private static final long FULL = 100 * MEBI;
    private static final long LITTLE = 1024 * MEBI;
    private static final String MAGIC = "SQLite format 3\0";
    private static final int CONNECT_MILLIS = 3_000;

    private final Findings findings = new Findings(Area.STORAGE);
    private final ToLongFunction<Path> room;

    /// @param room returns the free bytes on the disk of a folder
    private StorageCheck(ToLongFunction<Path> room) {
        this.room = room;
    }

    /// Checks the database without changing anything.
    ///
    /// @return at least one finding
    public static List<Finding> examine(Database database) {
        return examine(database, StorageCheck::usable);
    }

    /// @param room returns the free bytes on the disk of a folder
    public static List<Finding> examine(Database database, ToLongFunction<Path> room) {
        return new StorageCheck(room).check(database);
    }

    private static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private List<Finding> check(Database database) {
        switch (database) {
            case Database.Sqlite sqlite ->
                sqlite(sqlite.files().stream()
                        .map(file -> file.toAbsolutePath().normalize())
                        .toList());
            case Database.Server server -> server(server);
            case Database.Other other -> findings.fine("database", "is of an unknown kind and was not checked");
        }
        return findings.list();
    }

    private void sqlite(List<Path> files) {
        var file = files.getFirst();
        var folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            notWritable(file, "Its folder does not exist.", "mkdir -p " + Shell.word(String.valueOf(folder)));
            return;
        }
        if (!Files.isWritable(folder)) {
            notWritable(file, "Its folder is not writable, and SQLite creates files in it.", own(folder));
            return;
        }
        if (Files.exists(file)) {
            writable(file);
            for (var beside : files.subList(1, files.size())) {
                if (Files.exists(beside) && !Files.isWritable(beside)) {
                    notWritable(beside, "It belongs to the database and cannot be written.", own(beside));
                }
            }
            files.stream()
                    .filter(Files::isRegularFile)
                    .forEach(part -> FileAccess.exposure(part).ifPresent(who -> exposed(part, who)));
        } else {
            findings.fine(file.toString(), "does not exist yet; its folder can be written");
        }
        room(folder);
    }

    private void exposed(Path file, String who) {
        findings.add(
                file + " permissions",
                Fault.DATABASE_OPEN_TO_OTHERS,
                "The database is accessible to " + who + ".",
                "chmod 600 " + Shell.word(file));
    }

    /// Opening for writing changes nothing.
    private void writable(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var head = new byte[MAGIC.length()];
            int read = channel.read(java.nio.ByteBuffer.wrap(head));
            if (read > 0 && !new String(head, StandardCharsets.ISO_8859_1).equals(MAGIC)) {
                findings.add(
                        file.toString(),
                        Fault.DATABASE_DAMAGED,
                        "It does not have the header of an SQLite file.",
                        "shareferry restore BACKUP --to NEW_FOLDER # it says what to do next");
                return;
            }
            findings.fine(file.toString(), "can be written");
        } catch (NoSuchFileException e) {
            findings.fine(file.toString(), "does not exist yet");
        } catch (IOException e) {
            notWritable(file, "It cannot be opened for writing: " + FileAccess.reason(e) + ".", own(file));
        }
    }

    private void notWritable(Path file, String cause, String fix) {
        findings.add(file.toString(), Fault.DATABASE_NOT_WRITABLE, cause, fix);
    }

    private static String own(Path file) {
        return "sudo chown \"$USER\" " + Shell.word(file) + " && chmod u+rwX " + Shell.word(file)
                + " # as the service's user";
    }

    private void room(Path folder) {
        long left = room.applyAsLong(folder);
        var checked = "disk of " + folder;
        if (left < LITTLE) {
            findings.add(
                    checked,
                    left < FULL ? Fault.DISK_FULL : Fault.DISK_FILLS,
                    "There are " + left / MEBI + " MiB left.",
                    "df -h " + Shell.word(folder) + " # then delete, or move the database to a larger disk");
        } else {
            findings.fine(checked, left / LITTLE + " GiB left");
        }
    }

    private void server(Database.Server server) {
        var checked = "PostgreSQL at " + server.host() + ":" + server.port();
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.host(), server.port()), CONNECT_MILLIS);
            findings.fine(checked, "accepts connections; only the running service can check whether it is writable");
        } catch (IOException e) {
            findings.add(
                    checked,
                    Fault.DATABASE_NOT_WRITABLE,
                    "It does not accept connections.",
                    "pg_isready -h " + Shell.word(server.host()) + " -p " + server.port());
        }
    }
}
