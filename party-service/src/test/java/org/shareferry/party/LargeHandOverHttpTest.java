// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.HandOverBody.random;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class LargeHandOverHttpTest {
    private static final int VALUES = 400_000;
    private static final int PER_CHUNK = 4_096;
    private static final int BYTES_PER_VALUE = 5 * 16;
    private static final int CHUNKS = Math.ceilDiv(VALUES, PER_CHUNK);
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void a_large_hand_over_needs_little_memory() throws Exception {
        try (var host = PartyHost.start()) {
            assertThat(host.postJson(HandOverBody.small().json()).status()).isEqualTo(202);
            var head = HandOverBody.of("quintuple", VALUES, PER_CHUNK);
            var body = new Body(head.json());

            var reply = host.as(TestMembers.USER)
                    .postChunked("/v1/deliveries", "application/json", () -> new SequenceInputStream(body));

            assertThat(reply.status()).as(reply.text()).isEqualTo(202);
            assertThat(body.grownAtMost)
                    .as("bytes of heap in use while 32 MB of shares were handed over")
                    .isLessThan(24 * MEBIBYTE);
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(host.get("/v1/deliveries/" + head.id())
                                    .json()
                                    .path("envelopes")
                                    .path("submitted")
                                    .asInt())
                            .isEqualTo(CHUNKS));
        }
    }

    /// Creates each chunk when it is read, and measures the used memory at intervals.
    private static final class Body implements Enumeration<InputStream> {
        private final String head;
        private final long before = used();
        private int next = -1;
        private long grownAtMost;

        Body(String json) {
            head = json.replace("\"chunks\":[]}", "\"chunks\":[");
        }

        @Override
        public boolean hasMoreElements() {
            return next <= CHUNKS;
        }

        @Override
        public InputStream nextElement() {
            if (!hasMoreElements()) {
                throw new NoSuchElementException();
            }
            int chunk = next++;
            if (chunk % 80 == 79) {
                grownAtMost = Math.max(grownAtMost, used() - before);
            }
            return text(chunk < 0 ? head : chunk == CHUNKS ? "]}" : (chunk == 0 ? "" : ",") + chunk(chunk));
        }

        private static String chunk(int index) {
            int values = Math.min(PER_CHUNK, VALUES - index * PER_CHUNK);
            return "{\"elements\":\""
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(random(values * BYTES_PER_VALUE)) + "\"}";
        }

        private static InputStream text(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
        }

        private static long used() {
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }
}
