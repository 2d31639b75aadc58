// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.site.trust.TrustFile;

/// How long a file of trust that cannot be used keeps the former content in force.
class EffectiveTrustTest {
    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    private final EffectiveTrust<String> pins = new EffectiveTrust<>(whole("R0", "P0"), List.of("R0", "P0"));

    private static TrustFile<String> whole(String... all) {
        return new TrustFile<>(Bytes.ascii("whole " + List.of(all)), () -> new TrustFile.Whole<>(List.of(all)));
    }

    private static TrustFile<String> damaged(String... readable) {
        return new TrustFile<>(
                Bytes.ascii("damaged " + List.of(readable)),
                () -> new TrustFile.Damaged<>(List.of(readable), "It is damaged."));
    }

    private static Instant after(long seconds) {
        return START.plusSeconds(seconds);
    }

    @Test
    void a_half_written_file_ends_no_trust() {
        assertThat(pins.look(damaged("R0"), START)).isTrue();
        assertThat(pins.look(damaged(), after(20))).isTrue();
        assertThat(pins.look(damaged(), after(59))).isFalse();

        assertThat(pins.inForce()).containsExactly("R0", "P0");
    }

    @Test
    void a_pin_that_is_not_in_a_damaged_file_is_trusted_for_a_minute_at_most() {
        pins.look(damaged("R0", "P1"), START);

        assertThat(pins.look(damaged("R0", "P1"), after(60))).isTrue();

        assertThat(pins.inForce()).containsExactly("R0");
        assertThat(pins.look(damaged("R0", "P1"), after(61))).isFalse();
    }

    @Test
    void writing_a_damaged_file_again_and_again_does_not_lengthen_the_minute() {
        for (int second = 0; second < 60; second++) {
            pins.look(damaged("R0", "line " + second), after(second));
        }
        pins.look(damaged("R0", "P0"), after(60));
        assertThat(pins.inForce()).containsExactly("R0", "P0");

        pins.look(damaged("P0"), after(61));
        pins.look(damaged("R0", "P0"), after(62));

        assertThat(pins.inForce()).containsExactly("P0");
    }

    @Test
    void a_file_that_is_whole_again_is_in_force_at_once_and_ends_the_minute() {
        pins.look(damaged(), START);
        pins.look(damaged(), after(60));
        assertThat(pins.inForce()).isEmpty();

        assertThat(pins.look(whole("P1"), after(61))).isTrue();
        assertThat(pins.inForce()).containsExactly("P1");
        pins.look(damaged(), after(62));
        assertThat(pins.inForce()).containsExactly("P1");
    }
}
