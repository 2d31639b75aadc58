// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    private static final class Nothing implements Subscription {
        @Override
        public void request(long count) {
            // All parts are there.
        }

        @Override
        public void cancel() {
            // Nothing is under way.
        }
    }

    /// @param size of each part, in bytes
    private static PulledBody body(byte[] content, int size) {
        var body = new PulledBody();
        body.onSubscribe(new Nothing());
        for (int from = 0; from < content.length; from += size) {
            body.onNext(List.of(ByteBuffer.wrap(content, from, Math.min(size, content.length - from))));
        }
        return body;
    }

    private static EventReader reader(String text, int size) {
        var body = body(text.getBytes(StandardCharsets.UTF_8), size);
        body.onComplete();
        return new EventReader(body, "now");
    }

    @Test
    void events_are_read_however_their_bytes_are_split() throws Exception {
        var text = "id: 11\n\n: still here\n\nevent: result\nid: 12\ndata: {\"a\":\"é\"}\n\n"
                + "event: result\r\nid:13\r\ndata:one\r\ndata: two\r\n\r\n";
        for (int size = 1; size < text.length(); size++) {
            var events = reader(text, size);

            assertThat(events.next()).contains("{\"a\":\"é\"}");
            assertThat(events.id()).isEqualTo("12");
            assertThat(events.next()).contains("one\ntwo");
            assertThat(events.id()).isEqualTo("13");
            assertThat(events.next()).isEmpty();
        }
    }

    /// The stream is opened again behind what was read as a whole.
    @Test
    void an_event_that_broke_off_leaves_the_id_of_the_one_before() throws Exception {
        var events = reader("id: 11\n\nid: 12\ndata: {", 7);

        assertThat(events.next()).isEmpty();
        assertThat(events.id()).isEqualTo("11");
    }

    @Test
    void a_line_without_an_end_is_refused() {
        var events = reader("data: " + "x".repeat(2 << 20), 8192);

        assertThatThrownBy(events::next).isInstanceOf(IOException.class).hasMessageContaining("longer than");
    }

    @Test
    void any_bytes_are_read_or_refused() throws Exception {
        var alphabet = "id:dat \n\rx\u00e9";
        var random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            var bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            var body = body(bytes, 1 + random.nextInt(9));
            body.onComplete();
            var events = new EventReader(body, "0");
            var read = new ArrayList<String>();
            for (var event = events.next(); event.isPresent(); event = events.next()) {
                read.add(event.get());
            }

            assertThat(read).hasSizeLessThan(bytes.length + 1);
        }
    }
}
