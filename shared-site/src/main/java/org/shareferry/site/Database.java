// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The database of a service.
public sealed interface Database {
    /// @param file of SQLite
    record Sqlite(Path file) implements Database {
        /// @return the database file first, then the journal files that SQLite puts beside it
        public List<Path> files() {
            return Stream.of("", "-wal", "-shm", "-journal")
                    .map(suffix -> file.resolveSibling(file.getFileName() + suffix))
                    .toList();
        }
    }

    /// @param host where PostgreSQL runs
    /// @param port its port
    record Server(String host, int port) implements Database {}

    /// A database of an unknown kind.
    record Other() implements Database {}

    /// @param url for JDBC
    /// @param folder the base of a relative path
    static Database of(String url, Path folder) {
        var sqlite = "jdbc:sqlite:";
        if (url.startsWith(sqlite)) {
            var path = url.substring(sqlite.length()).replaceFirst("\\?.*", "").replaceFirst("^file:", "");
            return path.isEmpty() || path.startsWith(":") ? new Other() : new Sqlite(folder.resolve(path));
        }
        if (url.startsWith("jdbc:postgresql://")) {
            return server(url.substring("jdbc:".length()));
        }
        return new Other();
    }

    private static Database server(String url) {
        try {
            var address = URI.create(url.replaceFirst("\\?.*", ""));
            int port = address.getPort() == -1 ? 5432 : address.getPort();
            return address.getHost() == null ? new Other() : new Server(address.getHost(), port);
        } catch (IllegalArgumentException e) {
            return new Other();
        }
    }
}
