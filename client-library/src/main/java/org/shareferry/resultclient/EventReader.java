// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Reads server-sent events (WHATWG HTML §9.2.6) from an answer.
final class EventReader {
    /// The service writes at least a comment every 15 s.
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int LONGEST_LINE = 1 << 20;

    private final PulledBody body;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private ByteBuffer part = ByteBuffer.allocate(0);
    private String id;

    /// @param id of the last event that is known
    EventReader(PulledBody body, String id) {
        this.body = body;
        this.id = id;
    }

    /// @return the id of the last event that was read, or the one at the beginning
    String id() {
        return id;
    }

    /// @return the data of the next event; nothing when the answer has ended
    Optional<String> next() throws IOException, InterruptedException {
        var data = new StringBuilder();
        var seen = id;
        for (var next = line(); next.isPresent(); next = line()) {
            var text = next.get();
            if (text.isEmpty()) {
                id = seen;
                if (!data.isEmpty()) {
                    return Optional.of(data.substring(0, data.length() - 1));
                }
            } else if (text.startsWith("id:")) {
                seen = field(text);
            } else if (text.startsWith("data:")) {
                data.append(field(text)).append('\n');
            }
            if (data.length() > LONGEST_LINE) {
                throw new IOException("An event is longer than " + LONGEST_LINE + " characters.");
            }
        }
        return Optional.empty();
    }

    private static String field(String line) {
        int begin = line.indexOf(':') + 1;
        return line.substring(begin < line.length() && line.charAt(begin) == ' ' ? begin + 1 : begin);
    }

    private Optional<String> line() throws IOException, InterruptedException {
        line.reset();
        while (true) {
            if (!part.hasRemaining()) {
                part = body.read(SILENCE);
                if (!part.hasRemaining()) {
                    return Optional.empty();
                }
            }
            byte next = part.get();
            if (next == '\n') {
                var text = line.toString(StandardCharsets.UTF_8);
                return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("A line of the event stream is longer than " + LONGEST_LINE + " bytes.");
            }
            line.write(next);
        }
    }
}
