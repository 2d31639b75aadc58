// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.standin.Conduct.HONEST;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.Ending.Acknowledged;

/// What members send, by right or not, never takes more memory than a service has. Each has little here, and ends
/// when there is none left.
class MemoryTest {
    private static final int MANY = 40;

    @TempDir
    static Path temporary;

    private static Computations computations;

    @BeforeAll
    static void startServices() throws Exception {
        computations = new Computations(temporary, 3);
    }

    @AfterAll
    static void stopServices() {
        computations.close();
    }

    /// Bundles of 6.7 MB, of which the relay has forty: more than its memory.
    @Test
    void deliveries_in_the_largest_chunks_arrive() {
        var run = freshRun();
        var programs = counting(3, new Domain.Ring(136, 72), run, Scheme.BATCHED, new Shape(1_300_000, 65_536));

        assertThat(computations.run(programs, HONEST, HONEST, HONEST)).containsOnly(new Acknowledged(1));

        var shown = computations.awaitListed(new DeliveryId(run, 0));
        assertThat(shown.get("verdict").asString()).isEqualTo("VERIFIED");
        computations.site().assertRunning();
    }

    @Test
    void a_member_that_sends_as_much_as_it_can_keeps_nobody_from_delivering() throws Exception {
        var body = temporary.resolve("body.json");
        Files.writeString(body, """
                {"enc":"%s","header":"AAAA","ciphertext":"%s","signature":"AAAA"}""".formatted("A".repeat(10_000_000), "A".repeat(6_700_000)));
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = new ArrayList<Future<?>>();
            for (int i = 0; i < MANY; i++) {
                sent.add(senders.submit(() -> computations.site().postToRelay("P1", body)));
            }
            computations.settle();
            assertThat(sent).as("sent at the same time").anyMatch(one -> !one.isDone());
        }
        computations.settle();
        computations.site().assertRunning();
    }
}
