// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;

import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;

/// A delivery of which no service can hold half in its heap of 230 MiB.
@Tag("slow")
class TenMillionValuesTest {
    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.forManyValues();

    @TempDir
    private Path temporary;

    /// Every value is compared.
    @Test
    void ten_million_values_pass_through_small_heaps_and_arrive() throws Exception {
        var run = freshRun();
        int count = 10_000_000;
        var id = new DeliveryId(run, 0);

        var endings =
                COMPUTATIONS.run(counting(run, Scheme.COMMITTED, new Shape(count, 16_384)), FaultInjection.NO_FAULTS);

        assertThat(endings).containsOnly(new Acknowledged(1));
        var result = COMPUTATIONS.awaitListed(id);
        assertThat(result.path("verdict").asString("")).isEqualTo("VERIFIED");
        assertThat(result.path("count").asInt(0)).isEqualTo(count);
        var values = temporary.resolve("values");
        COMPUTATIONS.site().download("C0", "/v1/results/" + id, "application/octet-stream", values);
        try (var channel = FileChannel.open(values)) {
            var words = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer();
            assertThat(words.remaining()).isEqualTo(count);
            assertThat(IntStream.range(0, count).filter(i -> words.get(i) != i)).isEmpty();
        }
    }
}
