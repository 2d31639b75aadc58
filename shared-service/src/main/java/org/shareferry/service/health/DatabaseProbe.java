// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.sqlite.SQLiteException;

/// Checks whether the service's database can be written now. Health depends on it, so every wait has a time limit:
/// for a connection, for SQLite's lock and for PostgreSQL's answer.
final class DatabaseProbe {
    private static final String POSTGRES = "PostgreSQL";
    private static final String SQLITE = "SQLite";
    private static final String READ_ONLY = "25006";
    private static final String NO_ROOM = "53100";
    private static final String FORBIDDEN = "42501";

    /// Larger than a page of either database, so that it does not fit into a full one.
    private static final int SIZE = 16 << 10;

    /// The scheduler ignores tasks that are due in the future; in milliseconds since 1970.
    private static final long NEVER = 9_000_000_000_000_000L;

    private final DataSource source;

    DatabaseProbe(DataSource source) {
        this.source = source;
    }

    /// Writes a row and removes it. Both are committed, because a full disk shows only at the commit.
    ///
    /// @return one finding; nothing for another database product, or while the database is locked
    List<Finding> examine() {
        try (var connection = source.getConnection()) {
            var kind = connection.getMetaData().getDatabaseProductName();
            if (!kind.equals(POSTGRES) && !kind.equals(SQLITE)) {
                return List.of();
            }
            write(connection);
            return List.of(Finding.fine(Area.STORAGE, kind, "can be written"));
        } catch (SQLException e) {
            return e instanceof SQLiteException sqlite
                    ? sqlite(sqlite)
                    : List.of(postgres(String.valueOf(e.getSQLState())));
        }
    }

    private static void write(Connection connection) throws SQLException {
        try (var insert = connection.prepareStatement("""
                        -- DatabaseProbe.write
                        INSERT INTO scheduled_tasks
                            (task_name, task_instance, task_data, execution_time, picked, version)
                        VALUES ('doctor', 'probe', ?, ?, FALSE, 0)
                        ON CONFLICT (task_name, task_instance) DO UPDATE SET task_data = excluded.task_data""");
                var delete = connection.prepareStatement("""
                        -- DatabaseProbe.remove
                        DELETE FROM scheduled_tasks WHERE task_name = 'doctor' AND task_instance = 'probe'""")) {
            insert.setBytes(1, new byte[SIZE]);
            insert.setLong(2, NEVER);
            insert.executeUpdate();
            delete.executeUpdate();
        }
    }

    private static List<Finding> sqlite(SQLiteException e) {
        return switch (e.getResultCode().code & 0xff) {
            case 5, 6 -> List.of();
            case 13 ->
                List.of(Finding.of(
                        Area.STORAGE,
                        SQLITE,
                        Fault.DISK_FULL,
                        "A row could not be written: the disk is full.",
                        "df -h # where the database file is"));
            case 8 ->
                List.of(notWritable(
                        SQLITE,
                        "It is read-only: the file or its file system does not allow writing.",
                        "mount # then make the file system of the database file writable, or the file itself"));
            default ->
                List.of(notWritable(
                        SQLITE,
                        "A row could not be written (" + e.getResultCode().name() + ").",
                        "df -h; dmesg # then see the service's log"));
        };
    }

    private static Finding postgres(String state) {
        if (state.equals(READ_ONLY)) {
            return notWritable(
                    POSTGRES,
                    "It is read-only: it is a standby, or its settings say so.",
                    "psql -c 'SELECT pg_is_in_recovery()' -c 'SHOW default_transaction_read_only' # then name the primary in"
                            + " spring.datasource.url");
        }
        if (state.equals(NO_ROOM)) {
            return Finding.of(
                    Area.STORAGE,
                    POSTGRES,
                    Fault.DISK_FULL,
                    "A row could not be written: the disk of PostgreSQL is full.",
                    "df -h # on PostgreSQL's host");
        }
        if (state.equals(FORBIDDEN)) {
            return notWritable(
                    POSTGRES,
                    "The service's user may not write its tables.",
                    "psql -c '\\dp scheduled_tasks' # then GRANT the missing rights, or make it the owner");
        }
        return notWritable(
                POSTGRES,
                "A row could not be written (SQLSTATE " + state + ").",
                "pg_isready # then see PostgreSQL's log");
    }

    private static Finding notWritable(String checked, String cause, String fix) {
        return Finding.of(Area.STORAGE, checked, Fault.DATABASE_NOT_WRITABLE, cause, fix);
    }
}
