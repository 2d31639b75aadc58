// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Whether SQLite can be written, as it is, read-only, and full.
class DatabaseProbeTest {
    @TempDir
    private Path folder = Path.of("");

    private DriverManagerDataSource source(String settings) {
        return new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("party.db") + settings);
    }

    @BeforeEach
    void tables() {
        Flyway.configure()
                .dataSource(source(""))
                .locations("classpath:db/shareferry")
                .load()
                .migrate();
    }

    private static Finding look(javax.sql.DataSource source) {
        var findings = new DatabaseProbe(source).examine();
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    private long number(String sql) {
        return JdbcClient.create(source("")).sql(sql).query(Long.class).single();
    }

    @Test
    void a_writable_database_is_no_finding_and_keeps_no_probe() {
        assertThat(look(source("")).severity()).isEqualTo(Severity.OK);
        assertThat(look(source("")).severity()).isEqualTo(Severity.OK);
        assertThat(number("SELECT COUNT(*) FROM scheduled_tasks")).isZero();
    }

    @Test
    void read_only() {
        var found = look(source("?open_mode=1"));

        assertThat(found.fault()).contains(Fault.DATABASE_NOT_WRITABLE);
        assertThat(found.cause()).startsWith("It is read-only");
    }

    @Test
    void full() {
        var found = look(source("?max_page_count=" + number("PRAGMA page_count")));

        assertThat(found.fault()).contains(Fault.DISK_FULL);
    }

    @Test
    void gone() {
        var found = look(new AbstractDataSource() {
            @Override
            public java.sql.Connection getConnection() throws SQLException {
                throw new SQLException("for this test", "08006");
            }

            @Override
            public java.sql.Connection getConnection(String user, String password) throws SQLException {
                return getConnection();
            }
        });

        assertThat(found.fault()).contains(Fault.DATABASE_NOT_WRITABLE);
    }
}
