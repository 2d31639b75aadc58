// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.backup.Manifest.Stored;
import org.shareferry.cli.backup.MemberFiles.Placed;
import org.shareferry.keys.PrivateFile;
import org.shareferry.site.Database;
import org.shareferry.site.MemberSite;
import org.springframework.core.env.Environment;

/// Collects copies of what a backup has, in a folder of their own, because the originals can change meanwhile.
final class BackupContent {
    private static final String DUMP = "database.sql";
    private static final String URL = "spring.datasource.url";

    private final Path work;
    private final MemberSite site;
    private final MemberFiles files;
    private final boolean isWithKeys;

    /// Names that differ only in case count as one, because some file systems do not tell them apart.
    private final Map<String, Copied> copies = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private final Set<String> without = new TreeSet<>();
    private int made;

    private record Copied(Placed original, Path copy) {}

    /// @param work where the copies go
    /// @param folder of the member, absolute and normalised
    /// @param isWithKeys whether private keys are taken too
    BackupContent(Path work, MemberSite site, Path folder, boolean isWithKeys) {
        this.work = work;
        this.site = site;
        this.files = new MemberFiles(site, folder);
        this.isWithKeys = isWithKeys;
    }

    /// Copies [MemberFiles#keys] as they are now. Keys that were copied before and have ended since stay.
    /// Without keys, it notes what is left out.
    void addKeys() throws CommandException, IOException {
        for (var key : files.keys()) {
            if (isWithKeys) {
                add(key);
            } else {
                var folder = site.openingKeys().filter(key.file()::startsWith);
                without.add(folder.map(keys -> files.shown(keys) + "/").orElse(files.shown(key.file())));
            }
        }
    }

    void addOpenFiles() throws CommandException, IOException {
        for (var file : files.open()) {
            add(file);
        }
        for (var needed : List.of(site.roster(), site.tls().certificate())) {
            if (!Files.isRegularFile(needed)) {
                throw new CommandException(needed + " does not exist; the service could not start with this backup.");
            }
        }
    }

    /// @param settings with the address of the database
    /// @param pgDump the program that dumps a PostgreSQL database
    /// @param dump of such a database, made by hand
    Stored addDatabase(Environment settings, String pgDump, Optional<Path> dump) throws CommandException, IOException {
        var role = site.member().role();
        if (dump.isPresent() && !(site.database() instanceof Database.Server)) {
            throw new CommandException("--dump is for PostgreSQL; " + URL + " names another database.");
        }
        return switch (site.database()) {
            case Database.Sqlite sqlite -> {
                var placed = files.place(sqlite.file());
                var copy = next();
                var schema = SqliteCopy.make(sqlite.file(), copy, role);
                put(placed, copy);
                yield new Stored(Stored.SQLITE, schema, placed.name());
            }
            case Database.Server server -> {
                var copy = next();
                if (dump.isPresent()) {
                    copy(dump.get(), copy);
                } else {
                    PostgresCopy.of(settings).run(pgDump, copy);
                }
                put(new Placed(copy, DUMP, Optional.empty()), copy);
                yield new Stored(Stored.POSTGRESQL, PostgresCopy.mark(copy, role), DUMP);
            }
            case Database.Other other ->
                throw new CommandException(URL + " names neither a file of SQLite nor a PostgreSQL server; such a"
                        + " database cannot be backed up.");
        };
    }

    private Path next() {
        return work.resolve("file-" + made++);
    }

    private void add(Placed file) throws CommandException, IOException {
        var copy = next();
        try {
            copy(file.file(), copy);
            put(file, copy);
        } catch (NoSuchFileException e) {
            // It has ended since the folder was listed. A copy that was made before stays.
            Files.deleteIfExists(copy);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var out = Channels.newOutputStream(FileChannel.open(
                to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PrivateFile.OWNER_ONLY))) {
            Files.copy(from, out);
        }
    }

    private void put(Placed file, Path copy) throws CommandException {
        var before = copies.put(file.name(), new Copied(file, copy));
        if (before != null && !before.original().equals(file)) {
            throw new CommandException("The backup would have " + file.file() + " and "
                    + before.original().file() + " under the same name (case does not count); rename one of them.");
        }
    }

    /// @param version of this program
    /// @param time of the backup
    Manifest manifest(String version, Instant time, Stored database) throws IOException {
        var list = new ArrayList<BackedUpFile>();
        for (var entry : copies.entrySet()) {
            var copied = entry.getValue();
            list.add(new BackedUpFile(
                    entry.getKey(),
                    Files.size(copied.copy()),
                    digest(copied.copy()),
                    copied.original().from()));
        }
        return new Manifest(site.member(), version, time, isWithKeys, database, List.copyOf(without), list);
    }

    private static String digest(Path file) throws IOException {
        var digest = Archive.sha256();
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            Files.copy(file, out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// @return the copy of each file by its name
    Map<String, Path> sources() {
        return copies.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().copy()));
    }
}
