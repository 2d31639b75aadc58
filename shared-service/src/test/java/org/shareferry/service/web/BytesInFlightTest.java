// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class BytesInFlightTest {
    private static final Duration NO_TIME = Duration.ofMillis(1);

    private final BytesInFlight bytes = new BytesInFlight(24 << 10, 16 << 10);

    private boolean hasRoom(String caller, int size) throws InterruptedException {
        var lease = bytes.take(caller, size, NO_TIME);
        lease.ifPresent(BytesInFlight.Lease::close);
        return lease.isPresent();
    }

    @Test
    void one_caller_leaves_room_for_others() throws Exception {
        try (var all = bytes.take("P1", 16 << 10, NO_TIME).orElseThrow()) {
            assertThat(hasRoom("P1", 1)).isFalse();
            assertThat(hasRoom("P0", 8 << 10)).isTrue();
            assertThat(hasRoom("P0", (8 << 10) + 1)).isFalse();
        }
        assertThat(hasRoom("P1", 16 << 10)).isTrue();
        assertThat(hasRoom("P0", 16 << 10)).isTrue();
    }

    @Test
    void a_request_without_shared_space_keeps_no_space_of_its_caller() throws Exception {
        try (var one = bytes.take("P1", 16 << 10, NO_TIME).orElseThrow()) {
            assertThat(hasRoom("P0", 16 << 10)).isFalse();
        }
        assertThat(hasRoom("P0", 16 << 10)).isTrue();
    }

    @Test
    void a_request_above_a_callers_limit_uses_the_whole_limit() throws Exception {
        try (var all = bytes.take("P1", 1L << 40, NO_TIME).orElseThrow()) {
            assertThat(hasRoom("P1", 1)).isFalse();
            assertThat(hasRoom("P0", 8 << 10)).isTrue();
        }
    }

    @Test
    void a_waiting_request_gets_space_as_soon_as_it_is_free() throws Exception {
        var first = bytes.take("P1", 16 << 10, NO_TIME).orElseThrow();
        var closing = Thread.ofVirtual().unstarted(first::close);

        closing.start();
        var second = bytes.take("P1", 16 << 10, Duration.ofMinutes(1));

        assertThat(second).isPresent();
        closing.join();
    }

    @Test
    void a_small_request_continues_while_a_larger_one_waits() throws Exception {
        var most = bytes.take("P1", 16 << 10, NO_TIME).orElseThrow();
        try (var waiters = Executors.newVirtualThreadPerTaskExecutor()) {
            var large = waiters.submit(() -> bytes.take("P0", 16 << 10, Duration.ofMinutes(1)));
            await().atMost(Duration.ofMinutes(1)).until(bytes::hasWaiters);

            assertThat(hasRoom("P2", 8 << 10)).isTrue();
            assertThat(hasRoom("P1", 0)).isTrue();
            assertThat(large).isNotDone();

            most.close();
            assertThat(large.get()).isPresent();
        }
    }

    @Test
    void one_caller_cannot_get_more_than_the_total_space() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BytesInFlight(1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new BytesInFlight(1, 0));
    }
}
