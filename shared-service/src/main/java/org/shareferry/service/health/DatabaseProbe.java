// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.shareferry.doctor.Area;
import org.shareferry.doctor.Fault;
import org.shareferry.doctor.Finding;

/// Whether the service's own database can be written. Only the service can tell for PostgreSQL, because it
/// alone has the password; a file of SQLite the doctor looks at itself.
final class DatabaseProbe {
    private static final String CHECKED = "PostgreSQL";
    private static final String READ_ONLY = "25006";
    private static final String NO_ROOM = "53100";
    private static final String FORBIDDEN = "42501";

    private final DataSource source;

    DatabaseProbe(DataSource source) {
        this.source = source;
    }

    /// Writes a row and takes it back.
    ///
    /// @return one finding, or nothing for a database of another kind
    List<Finding> examine() {
        try (var connection = source.getConnection()) {
            if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                return List.of();
            }
            write(connection);
            return List.of(Finding.fine(Area.STORAGE, CHECKED, "can be written"));
        } catch (SQLException e) {
            return List.of(fault(String.valueOf(e.getSQLState())));
        }
    }

    private static void write(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement("""
                -- DatabaseProbe.write
                INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                VALUES ('doctor', 'probe', 0, FALSE, 0)""")) {
            insert.executeUpdate();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Finding fault(String state) {
        if (state.equals(READ_ONLY)) {
            return notWritable(
                    "It takes no writing: it is a standby, or is set to read only.",
                    "psql -c 'SELECT pg_is_in_recovery()' -c 'SHOW default_transaction_read_only' # then name the primary in"
                            + " spring.datasource.url");
        }
        if (state.equals(NO_ROOM)) {
            return Finding.of(
                    Area.STORAGE,
                    CHECKED,
                    Fault.DISK_FULL,
                    "A row could not be written: the disk of PostgreSQL is full.",
                    "df -h # on PostgreSQL's host");
        }
        if (state.equals(FORBIDDEN)) {
            return notWritable(
                    "The service's user may not write its tables.",
                    "psql -c '\\dp scheduled_tasks' # then GRANT what it lacks, or make it the owner");
        }
        return notWritable(
                "A row could not be written (SQLSTATE " + state + ").", "pg_isready # then see PostgreSQL's log");
    }

    private static Finding notWritable(String cause, String mend) {
        return Finding.of(Area.STORAGE, CHECKED, Fault.DATABASE_NOT_WRITABLE, cause, mend);
    }
}
