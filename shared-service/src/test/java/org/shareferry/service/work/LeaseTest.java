// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Replicas with one database, which need not be PostgreSQL for what is decided here.
class LeaseTest {
    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private DriverManagerDataSource source = new DriverManagerDataSource();

    @BeforeEach
    void table() {
        source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("test.db"));
        JdbcClient.create(source)
                .sql("CREATE TABLE lease (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, beats BIGINT NOT NULL)")
                .update();
    }

    private Lease replica() {
        return new Lease("work", JdbcClient.create(source), true, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void one_replica_keeps_the_lease_while_it_runs() {
        var first = replica();
        var second = replica();

        for (int beat = 0; beat < 20; beat++) {
            assertThat(first.beat()).isTrue();
            assertThat(second.beat()).isFalse();
            pass(Lease.BEAT);
        }
    }

    @Test
    void the_lease_of_a_dead_replica_is_taken_over_within_five_seconds() {
        var dead = replica();
        var other = replica();
        assertThat(dead.beat()).isTrue();
        assertThat(other.beat()).isFalse();

        var waited = Duration.ZERO;
        while (!other.beat()) {
            pass(Duration.ofMillis(250));
            waited = waited.plusMillis(250);
        }

        assertThat(waited).isLessThan(Duration.ofSeconds(5));
        assertThat(dead.isOurs()).as("what came back from the dead").isFalse();
        assertThat(dead.beat()).isFalse();
    }

    @Test
    void a_stopping_replica_releases_its_lease_at_once() {
        var stopping = replica();
        var other = replica();
        assertThat(stopping.beat()).isTrue();
        assertThat(other.beat()).isFalse();

        stopping.close();
        pass(Lease.BEAT);

        assertThat(other.beat()).isTrue();
        assertThat(stopping.isOurs()).isFalse();
    }

    @Test
    void a_replica_without_database_has_no_lease() {
        var lease = replica();
        assertThat(lease.beat()).isTrue();
        JdbcClient.create(source).sql("DROP TABLE lease").update();

        pass(Duration.ofSeconds(3));

        assertThat(lease.beat()).isFalse();
    }

    @Test
    void with_sqlite_the_lease_is_always_held() {
        assertThat(new Lease("work", source).isOurs()).isTrue();
        assertThat(new Lease("work", source).isShared()).isFalse();
    }
}
