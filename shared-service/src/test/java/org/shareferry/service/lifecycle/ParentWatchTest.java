// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    @Test
    void a_service_runs_as_long_as_the_pipe_is_open_and_ends_with_it() throws Exception {
        var stopped = new CountDownLatch(1);
        try (var parentsEnd = new PipedOutputStream()) {
            var watching =
                    Thread.ofPlatform().start(new ParentWatch(new PipedInputStream(parentsEnd), stopped::countDown));

            parentsEnd.write('x');
            assertThat(stopped.getCount()).isOne();

            parentsEnd.close();
            assertThat(watching.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(stopped.getCount()).isZero();
    }

    @Test
    void a_broken_pipe_means_that_the_parent_has_ended() {
        var stopped = new CountDownLatch(1);

        new ParentWatch(new BrokenPipe(), stopped::countDown).run();

        assertThat(stopped.getCount()).isZero();
    }

    private static final class BrokenPipe extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("broken");
        }
    }
}
