// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Returns free pages of an SQLite file to the file system, some at a time (source:
/// https://www.sqlite.org/pragma.html#pragma_incremental_vacuum).
@Component
public class SqliteSpace {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteSpace.class);
    private static final int INCREMENTAL = 2;

    /// With pages of 4 KiB: 2 MiB a step; 16 MiB stay free for new rows.
    private static final int PAGES_AT_ONCE = 512;

    private static final int PAGES_KEPT = 4096;

    private final DataSource source;
    private final ThrottledSteps steps;

    SqliteSpace(DataSource source, ThrottledSteps steps) {
        this.source = source;
        this.steps = steps;
    }

    /// Configures a new file so that it can shrink, which is possible only before its first table is created. An
    /// older file is left as it is, and the log says how to convert it.
    ///
    /// @param url of an SQLite database
    /// @throws org.shareferry.service.member.StartupException when the file is damaged or something else
    static void prepare(String url) {
        try (var connection = DriverManager.getConnection(url)) {
            if (pragma(connection, "auto_vacuum") == INCREMENTAL) {
                return;
            }
            if (pragma(connection, "page_count") > 1) {
                LOG.warn("The database file cannot shrink. To change that, stop the service and run this once, with"
                        + " as much free disk space as the file's size: sqlite3 FILE 'PRAGMA auto_vacuum ="
                        + " INCREMENTAL; VACUUM'");
                return;
            }
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
                statement.execute("VACUUM");
            }
        } catch (SQLException e) {
            if (CheckedMigration.isDamage(e)) {
                throw CheckedMigration.damaged(url.replaceFirst("^jdbc:sqlite:", ""), e);
            }
            LOG.warn("The database file could not be prepared to shrink", e);
        }
    }

    /// Shrinks the file if enough of it is free.
    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    public void shrink() {
        if (source instanceof HikariDataSource hikari && StorageConfiguration.isSqlite(hikari)) {
            steps.repeat(this::shrinkSome);
        }
    }

    private boolean shrinkSome() {
        try (var connection = source.getConnection()) {
            if (pragma(connection, "freelist_count") < PAGES_KEPT + PAGES_AT_ONCE) {
                return false;
            }
            long before = pragma(connection, "page_count");
            vacuum(connection);
            return pragma(connection, "page_count") < before;
        } catch (SQLException e) {
            LOG.info("The database file was not shrunk now: SQLSTATE {}", e.getSQLState());
            return false;
        }
    }

    /// The statement frees one page per step; `executeUpdate` runs all steps.
    private static void vacuum(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + PAGES_AT_ONCE + ")");
        }
    }

    private static long pragma(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
