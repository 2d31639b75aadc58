// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.member.StartupException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Which databases a service accepts, and what it says about others.
class CheckedMigrationTest {
    @TempDir
    private Path folder = Path.of("");

    private Path database;

    @BeforeEach
    void nameDatabase() {
        database = folder.resolve("service.db");
    }

    private String url() {
        return "jdbc:sqlite:" + database;
    }

    /// Starts a version of a service that has these migrations.
    private void start(String service, String... scripts) throws IOException {
        var migrations = Files.createTempDirectory(folder, "migrations");
        for (var script : scripts) {
            Files.writeString(
                    migrations.resolve(script), "CREATE TABLE " + script.replaceAll("\\W", "_") + " (id INT);");
        }
        var flyway = Flyway.configure()
                .dataSource(url(), "", "")
                .locations("filesystem:" + migrations)
                .load();
        new CheckedMigration(service, database.toString()).migrate(flyway);
    }

    private void assertRefused(String part, String service, String... scripts) {
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> start(service, scripts))
                .withMessageStartingWith(database.toString())
                .withMessageContaining(part)
                .withMessageEndingWith(".");
    }

    private List<String> tables() {
        return JdbcClient.create(new DriverManagerDataSource(url()))
                .sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'V%' ORDER BY name")
                .query((row, number) -> row.getString(1))
                .list();
    }

    @Test
    void an_older_database_is_migrated() throws IOException {
        start("client-service", "V1_1__client.sql");

        start("client-service", "V1_1__client.sql", "V1_20__more.sql");

        assertThat(tables()).containsExactly("V1_1__client_sql", "V1_20__more_sql");
    }

    @Test
    void a_newer_database_is_refused_with_both_formats() throws IOException {
        start("client-service", "V1_1__client.sql", "V1_20__more.sql");

        assertRefused(
                "it has format 1.20, and this version knows formats up to 1.1.", "client-service", "V1_1__client.sql");
    }

    @Test
    void a_database_of_another_kind_of_service_is_refused_and_left_as_it_is() throws IOException {
        start("relay-service", "V1_1__relay.sql");

        assertRefused(
                "is the database of a relay-service, and this is a client-service. Correct spring.datasource.url.",
                "client-service",
                "V1_1__client.sql",
                "V1_20__more.sql");
        assertThat(tables()).containsExactly("V1_1__relay_sql");
    }

    @Test
    void a_database_of_something_else_is_refused() {
        JdbcClient.create(new DriverManagerDataSource(url()))
                .sql("CREATE TABLE bookmarks (url TEXT)")
                .update();

        assertRefused("is not a database of Shareferry", "client-service", "V1_1__client.sql");
    }

    @Test
    void a_migration_that_differs_is_refused() throws IOException {
        start("client-service", "V1_1__client.sql", "V1_20__more.sql");
        JdbcClient.create(new DriverManagerDataSource(url()))
                .sql("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1.20'")
                .update();

        assertRefused(
                "A migration that was applied to it differs from the same migration of this version",
                "client-service",
                "V1_1__client.sql",
                "V1_20__more.sql");
    }

    @Test
    void a_damaged_database_is_refused() throws IOException {
        start("client-service", "V1_1__client.sql");
        try (var file = new RandomAccessFile(database.toFile(), "rw")) {
            file.seek(100);
            file.write(new byte[3000]);
        }

        assertRefused("is damaged", "client-service", "V1_1__client.sql");
    }

    /// What a service does before it migrates.
    @Test
    void a_file_that_is_no_database_is_refused() throws IOException {
        Files.writeString(database, "not a database, but long enough to have the size of a header".repeat(20));
        try (var source = new HikariDataSource()) {
            source.setJdbcUrl(url());

            assertThatExceptionOfType(StartupException.class)
                    .isThrownBy(() -> StorageConfiguration.bound(source))
                    .withMessageContaining(database + " is damaged, or is not an SQLite database.");
        }
    }
}
