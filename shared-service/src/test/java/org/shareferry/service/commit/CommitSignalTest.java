// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitSignalTest {
    private static final int THREADS = 4;
    private static final int SIGNALS = 20_000;

    private final CommitSignal commits = new CommitSignal();

    /// On PostgreSQL transactions commit at the same time.
    @Test
    void each_of_many_concurrent_commits_signals() throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var signalling = IntStream.range(0, THREADS)
                    .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                        for (int i = 0; i < SIGNALS; i++) {
                            commits.signal();
                        }
                    }))
                    .toList();
            for (var each : signalling) {
                each.get();
            }
        }

        assertThat(commits.phase()).isEqualTo(THREADS * SIGNALS);
    }

    /// Without the signals, 20 s are enough for 80 queries.
    @Test
    void a_poll_repeats_its_query_after_each_commit() throws Exception {
        var queries = new AtomicInteger();

        var found = commits.poll(
                Duration.ofSeconds(20),
                () -> {
                    commits.signal();
                    return queries.incrementAndGet();
                },
                number -> number == 100);

        assertThat(found).isEqualTo(100);
    }

    @Test
    void a_poll_repeats_its_query_without_a_commit() throws Exception {
        var queries = new AtomicInteger();

        assertThat(commits.poll(Duration.ofSeconds(20), queries::incrementAndGet, number -> number == 2))
                .isEqualTo(2);
    }

    @Test
    void a_poll_ends_with_the_last_result_when_the_time_is_over() throws Exception {
        var queries = new AtomicInteger();

        assertThat(commits.poll(Duration.ofSeconds(-1), queries::incrementAndGet, number -> false))
                .isEqualTo(1);
        var found = commits.poll(Duration.ofMillis(50), queries::incrementAndGet, number -> false);

        assertThat(found).isEqualTo(queries.get());
    }

    @Test
    void a_poll_ends_when_the_service_stops() throws Exception {
        var queries = new AtomicInteger();

        var found = commits.poll(
                Duration.ofSeconds(20),
                () -> {
                    commits.stop();
                    return queries.incrementAndGet();
                },
                number -> false);

        assertThat(found).isEqualTo(1);
    }
}
