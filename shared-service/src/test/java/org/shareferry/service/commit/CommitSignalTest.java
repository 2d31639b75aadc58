// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitSignalTest {
    private static final int THREADS = 4;
    private static final int SIGNALS = 20_000;

    private final CommitSignal commits = new CommitSignal();

    /// On PostgreSQL transactions commit at the same time.
    @Test
    void each_of_many_threads_that_commit_at_once_gives_its_signal() throws Exception {
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
}
