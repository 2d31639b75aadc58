// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.C1;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.shareferry.member.MemberName;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.util.unit.DataSize;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReachabilityTest {
    private final SettableClock clock = new SettableClock();
    private final Reachability reachability = new Reachability(
            new RelayProperties(
                    DataSize.ofGigabytes(1),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(1),
                    256,
                    DataSize.ofMegabytes(8),
                    Duration.ofHours(1)),
            clock);

    private boolean isAsked(MemberName client) {
        try (var permit = reachability.permit(client)) {
            return !permit.isRefused();
        }
    }

    private void fail(String reason) {
        reachability.failed(C0, reason, Optional.empty());
    }

    @Test
    void an_unreachable_client_is_tried_again_after_the_first_delay() {
        fail("it is away");

        assertThat(isAsked(C0)).isFalse();
        assertThat(isAsked(C1)).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(isAsked(C0)).isTrue();
        assertThat(reachability.failure(C0)).get().extracting("reason").isEqualTo("it is away");
    }

    @Test
    void simultaneous_failures_count_once() {
        fail("it is away");
        fail("it is away");

        assertThat(reachability.failure(C0)).get().extracting("attempts").isEqualTo(1);
    }

    @Test
    void a_clock_set_back_does_not_lengthen_a_backoff() {
        fail("it is away");

        clock.advance(Duration.ofHours(-1));

        assertThat(isAsked(C0)).isTrue();
        fail("it is away");
        assertThat(isAsked(C0)).isFalse();
    }

    @Test
    void a_backoff_lasts_at_most_five_seconds() {
        for (int failure = 0; failure < 40; failure++) {
            fail("it is away");
            clock.advance(Duration.ofSeconds(5));
            assertThat(isAsked(C0)).isTrue();
        }
        assertThat(reachability.failure(C0)).get().extracting("since").isEqualTo(SettableClock.START);
    }

    @Test
    void an_unreachable_client_gets_one_probe_at_a_time() {
        fail("it is away");
        clock.advance(Duration.ofSeconds(1));

        try (var permit = reachability.permit(C0)) {
            assertThat(permit.isAlone()).isTrue();
            assertThat(isAsked(C0)).isFalse();
            fail("it is still away");
            clock.advance(Duration.ofSeconds(5));
            assertThat(isAsked(C0)).isFalse();
        }

        assertThat(isAsked(C0)).isTrue();
    }

    @Test
    void retry_after_only_lengthens_a_backoff() {
        reachability.failed(C0, "it is busy", Optional.of(Duration.ZERO));
        assertThat(isAsked(C0)).isFalse();

        reachability.reached(C0);
        reachability.failed(C0, "it is busy", Optional.of(Duration.ofSeconds(3)));
        clock.advance(Duration.ofSeconds(2));
        assertThat(isAsked(C0)).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(isAsked(C0)).isTrue();

        reachability.reached(C0);
        reachability.failed(C0, "it is busy", Optional.of(Duration.ofDays(1)));
        clock.advance(Duration.ofSeconds(5));
        assertThat(isAsked(C0)).isTrue();
    }

    @Test
    void a_response_clears_the_failure() {
        fail("it is away");
        reachability.reached(C0);

        assertThat(reachability.failure(C0)).isEmpty();
    }
}
