// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.shareferry.client.input.InputStore.Waiting;
import org.shareferry.client.input.StoredInput.Next;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.PartySet;

/// The answer to an input.
class StoredInputTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final InputParameters PARAMETERS = new InputParameters(
            7,
            PartySet.parse("P0,P1"),
            new TreeSet<>(Set.of("spdz2k")),
            NOW.plusSeconds(60),
            0,
            64,
            1,
            new TreeSet<>(),
            Bytes.empty());

    private static StoredInput whenThisWaits(Optional<String> id) {
        return StoredInput.of(
                "one", PARAMETERS, id.map(waiting -> new Waiting(waiting, PARAMETERS, 1, 1, NOW)), List.of());
    }

    @Test
    void a_waiting_input_waits() {
        var stored = whenThisWaits(Optional.of("one"));

        assertThat(stored.next()).isEqualTo(Next.WAIT);
        assertThat(stored.detail())
                .isEqualTo("The input waits for the next request with label 7 of the parties P0,P1.");
    }

    /// A request may come between the commit and the answer.
    @Test
    void an_input_that_a_request_has_used_does_not_wait() {
        for (var now : List.of(Optional.<String>empty(), Optional.of("other"))) {
            var stored = whenThisWaits(now);

            assertThat(stored.next()).isEqualTo(Next.DONE);
            assertThat(stored.detail()).contains("no longer waits").doesNotContain("waits for");
        }
    }
}
