// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.standin.FaultInjection.NO_FAULTS;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.InputProgram;

/// What members send, by right or not, never takes more memory than a service has. Each has little here, and ends
/// when there is none left.
///
/// Among the last classes, because what it delivers makes the databases of shared services large.
@Tag("slow")
@Order(Integer.MAX_VALUE)
class MemoryTest {
    private static final int MANY = 40;

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared(3);

    @TempDir
    private Path temporary;

    /// Bundles of 6.7 MB, as large as a ring makes them, of which the relay has more at a time than it has memory.
    @Test
    void deliveries_in_the_largest_chunks_arrive() {
        var run = freshRun();
        var programs = counting(3, new Domain.Ring(136, 72), run, Scheme.BATCHED, new Shape(12 * 65_536, 65_536));

        assertThat(COMPUTATIONS.run(programs, NO_FAULTS, NO_FAULTS, NO_FAULTS)).containsOnly(new Acknowledged(1));

        var shown = COMPUTATIONS.awaitListed(new DeliveryId(run, 0));
        assertThat(shown.get("verdict").asString()).isEqualTo("VERIFIED");
        COMPUTATIONS.site().assertRunning();
    }

    /// Every value is looked at.
    @Test
    void a_million_inputs_pass_through_small_heaps_unchanged() throws Exception {
        int count = 1_000_000;
        var raw = counted(count);
        var run = freshRun();
        var programs = Computations.receiving(
                Protocol.SPDZ2K, 3, Computations.RING, run, List.of(new Shape(count, 16_384)), Long.SIZE);
        assertThat(COMPUTATIONS.inputs().give(Protocol.SPDZ2K, InputProgram.FIRST_LABEL, Long.SIZE, raw))
                .isEqualTo(201);

        assertThat(COMPUTATIONS.run(programs, NO_FAULTS, NO_FAULTS, NO_FAULTS)).containsOnly(new Acknowledged(3));

        var output = new DeliveryId(run, 1);
        assertThat(COMPUTATIONS.awaitListed(output).get("verdict").asString()).isEqualTo("VERIFIED");
        var values = temporary.resolve("values");
        COMPUTATIONS.site().download("C0", "/v1/results/" + output, "application/octet-stream", values);
        assertThat(Files.mismatch(values, raw)).isEqualTo(-1);
        COMPUTATIONS.site().assertRunning();
    }

    /// @return a file with 0, 1, 2, … of eight bytes each
    private Path counted(int count) throws IOException {
        var content = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            content.putLong(i);
        }
        return Files.write(temporary.resolve("raw"), content.array());
    }

    @Test
    void a_member_that_sends_too_much_is_refused_and_others_are_not() throws Exception {
        var body = temporary.resolve("body.json");
        Files.writeString(body, """
                {"enc":"%s","header":"AAAA","ciphertext":"%s","signature":"AAAA"}""".formatted("A".repeat(10_000_000), "A".repeat(6_700_000)));
        var small = Files.writeString(temporary.resolve("small.json"), "{}");
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = new ArrayList<Future<Site.Ran>>();
            for (int i = 0; i < MANY; i++) {
                sent.add(senders.submit(() -> COMPUTATIONS.site().postToRelay("P1", body)));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> sent.stream().anyMatch(Future::isDone));

            assertThat(COMPUTATIONS.site().postToRelay("P0", small).output()).contains("request-malformed");

            assertThat(sent).as("sent meanwhile").anyMatch(one -> !one.isDone());
        }
        COMPUTATIONS.site().assertRunning();
        COMPUTATIONS.settle();
    }

    /// Spring and Tomcat have readers of their own for them, which come before our limits.
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void forms_are_not_read(String type) throws Exception {
        var body = temporary.resolve("form");
        try (var file = new RandomAccessFile(body.toFile(), "rw")) {
            file.setLength(400L << 20);
        }
        for (var method : List.of("PUT", "POST")) {
            COMPUTATIONS.site().send(method, "P1", "R0", type, body);
        }
        COMPUTATIONS.site().assertRunning();
    }
}
