// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.member.MemberName;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Lists leave out what cannot be read, and nothing else.
class ReadableRowsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ReadableRows rows = new ReadableRows(meters);

    @TempDir
    private Path folder = Path.of("");

    private JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource());

    @BeforeEach
    void create() {
        jdbc = JdbcClient.create(new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("rows.db")));
        jdbc.sql("CREATE TABLE member (name TEXT NOT NULL PRIMARY KEY)").update();
    }

    private void insert(String... names) {
        for (var name : names) {
            jdbc.sql("INSERT INTO member VALUES (:name)").param("name", name).update();
        }
    }

    private List<MemberName> list(int limit) {
        return rows.list(
                jdbc.sql("SELECT name FROM member ORDER BY name LIMIT :limit OFFSET :skip"),
                "name",
                limit,
                (row, number) -> MemberName.parse(row.getString(1)));
    }

    private double counted() {
        return meters.counter("shareferry.rows.unreadable").count();
    }

    @Test
    void a_row_that_cannot_be_read_is_left_out_and_counted() {
        insert("P0", "P00001", "P1");

        assertThat(list(10)).containsExactly(MemberName.party(0), MemberName.party(1));
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void a_page_is_as_full_as_it_can_be() {
        insert(IntStream.range(0, 50).mapToObj(i -> "A" + i).toArray(String[]::new));
        insert("P0", "P1", "P2");

        assertThat(list(2)).containsExactly(MemberName.party(0), MemberName.party(1));
        assertThat(list(3)).hasSize(3);
        assertThat(list(4)).hasSize(3);
    }

    @Test
    void nothing_is_counted_where_everything_can_be_read() {
        insert("P0");

        assertThat(list(10)).hasSize(1);
        assertThat(counted()).isZero();
    }

    @Test
    void a_failing_database_is_no_empty_list() {
        jdbc.sql("DROP TABLE member").update();

        assertThatThrownBy(() -> list(10)).isInstanceOf(DataAccessException.class);
    }
}
