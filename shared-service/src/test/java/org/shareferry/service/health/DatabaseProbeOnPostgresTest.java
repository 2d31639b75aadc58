// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.service.fixture.OnPostgres;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Whether a service may write, told by a PostgreSQL that lets it or not.
@OnPostgres
class DatabaseProbeOnPostgresTest {
    @TempDir
    Path folder;

    private String url = "";
    private String user = "";
    private String password = "";

    @BeforeEach
    void tables() {
        url = setting("url");
        user = setting("username");
        password = setting("password");
        Flyway.configure()
                .dataSource(source(""))
                .locations("classpath:db/shareferry")
                .load()
                .migrate();
    }

    private String setting(String name) {
        return TestDatabase.settings(folder.resolve("party.db")).stream()
                .filter(setting -> setting.startsWith("spring.datasource." + name + "="))
                .map(setting -> setting.substring(setting.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
    }

    private DriverManagerDataSource source(String more) {
        return new DriverManagerDataSource(url + more, user, password);
    }

    private static Finding look(DriverManagerDataSource source) {
        var findings = new DatabaseProbe(source).examine();
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    private JdbcClient statements() {
        return JdbcClient.create(source(""));
    }

    @Test
    void a_writable_database_is_no_finding_and_unchanged() {
        assertThat(look(source("")).severity()).isEqualTo(Severity.OK);
        assertThat(statements()
                        .sql("SELECT COUNT(*) FROM scheduled_tasks")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void read_only() {
        var found = look(source("&options=-c%20default_transaction_read_only=on"));

        assertThat(found.fault()).contains(Fault.DATABASE_NOT_WRITABLE);
        assertThat(found.cause()).isEqualTo("It is read-only: it is a standby, or its settings say so.");
    }

    @Test
    void forbidden() {
        statements().sql("CREATE ROLE reader LOGIN PASSWORD 'reader'").update();
        for (var grant :
                List.of("GRANT USAGE ON SCHEMA %s TO reader", "GRANT SELECT ON ALL TABLES IN SCHEMA %s TO reader")) {
            var schema = statements()
                    .sql("SELECT current_schema()")
                    .query(String.class)
                    .single();
            statements().sql(grant.formatted(schema)).update();
        }

        var found = look(new DriverManagerDataSource(url, "reader", "reader"));

        assertThat(found.fault()).contains(Fault.DATABASE_NOT_WRITABLE);
        assertThat(found.cause()).isEqualTo("The service's user may not write its tables.");
    }

    @Test
    void gone() {
        assertThat(look(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"))
                        .fault())
                .contains(Fault.DATABASE_NOT_WRITABLE);
    }
}
