// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.shareferry.service.commit.CommitSignal;

class CommitLoopTest {
    private final CommitSignal commits = new CommitSignal();
    private final AtomicInteger times = new AtomicInteger();

    private final class Loop extends CommitLoop {
        private final Duration pause;

        Loop(Duration pause) {
            super("loop", commits);
            this.pause = pause;
        }

        @Override
        protected Duration work() {
            times.incrementAndGet();
            return pause;
        }
    }

    @AfterEach
    void stop() {
        commits.stop();
    }

    @Test
    void work_is_repeated_after_a_commit() {
        new Loop(Duration.ofHours(1)).start();
        await().until(() -> times.get() == 1);

        commits.signal();

        await().until(() -> times.get() == 2);
    }

    @Test
    void work_is_repeated_after_its_pause() {
        new Loop(Duration.ofMillis(1)).start();

        await().until(() -> times.get() > 2);
    }

    @Test
    void work_ends_when_the_loop_is_stopped() {
        var loop = new Loop(Duration.ofHours(1));
        loop.start();
        await().until(() -> times.get() == 1);

        loop.stop();
        commits.signal();

        assertThat(loop.isRunning()).isFalse();
        await().during(Duration.ofMillis(200)).until(() -> times.get() == 1);
    }
}
