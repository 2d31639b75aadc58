// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.shareferry.service.member.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Migrates the database of an older version. Refuses, before anything is changed, a database of another kind of
/// service, of a newer version, or of something else. Flyway alone would work on with the tables of a newer version.
///
/// @param service this service, such as `client-service`
/// @param database its file or address, for people
record CheckedMigration(String service, String database) implements FlywayMigrationStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedMigration.class);
    private static final Pattern FIRST_OF_KIND = Pattern.compile("V[0-9_]+__(party|relay|client)\\.sql");
    private static final int PRIMARY_CODE = 0xff;

    @Override
    public void migrate(Flyway flyway) {
        try {
            var info = flyway.info();
            requireSameKind(info.applied());
            requireKnown(info.applied(), info.all());
            int done = flyway.migrate().migrationsExecuted;
            if (done > 0 && info.applied().length > 0) {
                LOG.info("The database was migrated from format {} to {}.", last(info.applied()), last(info.all()));
            }
        } catch (FlywayException e) {
            throw refusal(e);
        }
    }

    private void requireSameKind(MigrationInfo[] applied) {
        var kind = Arrays.stream(applied)
                .map(migration -> FIRST_OF_KIND.matcher(String.valueOf(migration.getScript())))
                .filter(script -> script.matches())
                .map(script -> script.group(1) + "-service")
                .findFirst();
        if (kind.isPresent() && !kind.get().equals(service)) {
            throw new StartupException(database + " is the database of a " + kind.get() + ", and this is a " + service
                    + ". Correct spring.datasource.url.");
        }
    }

    private void requireKnown(MigrationInfo[] applied, MigrationInfo[] all) {
        var unknown = Arrays.stream(applied)
                .filter(migration -> !migration.getState().isResolved())
                .map(migration -> String.valueOf(migration.getVersion()))
                .toList();
        if (!unknown.isEmpty()) {
            throw new StartupException(database + " was written by another version of " + service + ", most likely a"
                    + " newer one: it has format " + last(applied) + ", and this version knows formats up to "
                    + known(all) + ". Start that version again, or restore the backup that was made before the upgrade"
                    + " (shareferry restore).");
        }
    }

    private static String known(MigrationInfo[] all) {
        var known = Arrays.stream(all)
                .filter(migration -> migration.getState().isResolved())
                .toList();
        return known.isEmpty() ? "none" : String.valueOf(known.getLast().getVersion());
    }

    private static String last(MigrationInfo[] migrations) {
        return List.of(migrations).isEmpty()
                ? "none"
                : String.valueOf(List.of(migrations).getLast().getVersion());
    }

    /// @return the refusal; the exception itself if the database cannot be reached, which others report
    private RuntimeException refusal(FlywayException e) {
        if (isDamage(e)) {
            return damaged(database, e);
        }
        if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new StartupException(
                    database + " has tables, but is not a database of Shareferry. Name another in"
                            + " spring.datasource.url.",
                    e);
        }
        if (e.getErrorCode() == CoreErrorCode.VALIDATE_ERROR) {
            return unmigrated("A migration that was applied to it differs from the same migration of this version", e);
        }
        if (e.getErrorCode() == CoreErrorCode.FAILED_VERSIONED_MIGRATION) {
            return unmigrated("An earlier migration of it failed", e);
        }
        return e;
    }

    private StartupException unmigrated(String why, FlywayException e) {
        LOG.error("{} cannot be migrated. {}: {}", database, why, e.getMessage());
        return new StartupException(
                database + " cannot be migrated to the format of this version. " + why + "; the log names it. Start the"
                        + " version that wrote the database, or restore a backup (shareferry restore).",
                e);
    }

    /// @return whether SQLite says that the file is damaged
    static boolean isDamage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                int code = sqlite.getResultCode().code & PRIMARY_CODE;
                return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
            }
        }
        return false;
    }

    static StartupException damaged(String database, Exception cause) {
        return new StartupException(
                database + " is damaged, or is not an SQLite database. Restore the newest backup"
                        + " (shareferry restore), or correct spring.datasource.url.",
                cause);
    }
}
