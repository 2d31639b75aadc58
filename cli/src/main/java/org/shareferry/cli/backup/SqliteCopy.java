// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.keys.PrivateFile;
import org.shareferry.member.Role;

/// Copies an SQLite database while its service works. `VACUUM INTO` reads in one transaction, so the copy is as the
/// database was at one moment. The service can write meanwhile, because the journal is a write-ahead log. Free pages,
/// in which deleted values can still be, are not copied (source: https://www.sqlite.org/lang_vacuum.html).
final class SqliteCopy {
    private static final int BUSY_SECONDS = 30;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_NOTADB = 26;
    private static final int PRIMARY_CODE = 0xff;

    private SqliteCopy() {}

    /// @param database of a service, which may be running
    /// @param copy where to; does not exist yet
    /// @param role of the member
    /// @return the format of the database
    static String make(Path database, Path copy, Role role) throws CommandException {
        if (!Files.isRegularFile(database)) {
            throw new CommandException("The database " + database + " does not exist; start the service once, or"
                    + " correct spring.datasource.url.");
        }
        try {
            // SQLite would give it the permissions of the umask.
            Files.createFile(copy, PrivateFile.OWNER_ONLY);
            vacuumInto(database, copy);
            try (var connection = open(copy)) {
                var schema = DatabaseCopy.schema(applied(connection), role, database.toString());
                mark(connection, role);
                return schema;
            }
        } catch (SQLException e) {
            throw new CommandException(sentence(database, e), e);
        } catch (IOException e) {
            throw new CommandException(copy.getParent() + " cannot be written; check its owner and space.", e);
        }
    }

    private static Connection open(Path file) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_SECONDS * 1000);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void vacuumInto(Path database, Path copy) throws SQLException {
        try (var connection = open(database);
                var statement = connection.prepareStatement("""
                        -- SqliteCopy.vacuumInto
                        VACUUM INTO ?""")) {
            statement.setString(1, copy.toAbsolutePath().toString());
            statement.execute();
        }
    }

    private static List<DatabaseCopy.Migration> applied(Connection connection) throws SQLException {
        var applied = new ArrayList<DatabaseCopy.Migration>();
        try (var statement = connection.createStatement()) {
            var tables = statement.executeQuery("""
                    -- SqliteCopy.tables
                    SELECT COUNT(*) FROM sqlite_master WHERE name = 'flyway_schema_history'""");
            if (tables.getInt(1) == 0) {
                return applied;
            }
            var rows = statement.executeQuery("""
                    -- SqliteCopy.applied
                    SELECT version, script FROM flyway_schema_history
                    WHERE success AND version IS NOT NULL ORDER BY installed_rank""");
            while (rows.next()) {
                applied.add(new DatabaseCopy.Migration(rows.getString(1), rows.getString(2)));
            }
        }
        return applied;
    }

    private static void mark(Connection connection, Role role) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var mark : DatabaseCopy.marks(role, "")) {
                statement.executeUpdate(mark);
            }
        }
    }

    private static String sentence(Path database, SQLException e) {
        return switch (e.getErrorCode() & PRIMARY_CODE) {
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                database + " is damaged, or not an SQLite database; restore it from an earlier backup.";
            case SQLITE_FULL -> "The disk is full; a backup needs twice the space of " + database + " for a while.";
            default ->
                database + " cannot be copied; run this as the service's user, with the version of Shareferry that the"
                        + " service has.";
        };
    }
}
