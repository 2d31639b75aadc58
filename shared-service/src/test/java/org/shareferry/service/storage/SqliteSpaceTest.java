// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SqliteSpaceTest {
    private static final int ROWS = 40;
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder = Path.of("");

    private HikariDataSource source() {
        var source = new HikariDataSource();
        source.setJdbcUrl("jdbc:sqlite:" + folder.resolve("service.db"));
        StorageConfiguration.sqliteSettings().postProcessBeforeInitialization(source, "source");
        return source;
    }

    private long fileSize() throws IOException {
        return Files.size(folder.resolve("service.db"));
    }

    @Test
    void a_file_shrinks_after_most_of_it_was_deleted() throws IOException {
        try (var source = source()) {
            var jdbc = JdbcClient.create(source);
            jdbc.sql("CREATE TABLE content (bytes BYTEA)").update();
            for (int i = 0; i < ROWS; i++) {
                jdbc.sql("INSERT INTO content VALUES (:bytes)")
                        .param("bytes", new byte[MEGABYTE])
                        .update();
            }
            jdbc.sql("DELETE FROM content").update();
            jdbc.sql("PRAGMA wal_checkpoint(TRUNCATE)").query().listOfRows();
            assertThat(fileSize()).isGreaterThan((long) ROWS * MEGABYTE);

            new SqliteSpace(source, new ThrottledSteps()).shrink();
            jdbc.sql("PRAGMA wal_checkpoint(TRUNCATE)").query().listOfRows();

            assertThat(fileSize()).isLessThan((long) ROWS / 2 * MEGABYTE);
            assertThat(jdbc.sql("PRAGMA integrity_check").query(String.class).single())
                    .isEqualTo("ok");
        }
    }

    @Test
    void a_file_of_an_older_version_is_left_as_it_is() throws IOException {
        var older = JdbcClient.create(new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("service.db")));
        older.sql("CREATE TABLE content (bytes BYTEA)").update();
        older.sql("INSERT INTO content VALUES (:bytes)")
                .param("bytes", new byte[MEGABYTE])
                .update();
        long size = fileSize();

        try (var source = source()) {
            new SqliteSpace(source, new ThrottledSteps()).shrink();

            assertThat(JdbcClient.create(source)
                            .sql("SELECT COUNT(*) FROM content")
                            .query(Integer.class)
                            .single())
                    .isOne();
        }
        assertThat(fileSize()).isEqualTo(size);
    }
}
