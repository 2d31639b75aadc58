// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.shareferry.client.result.ResultStore.Stored;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes results chunk by chunk: however long a delivery is, one chunk of it is in memory.
@Component
class ResultWriter {
    private final ResultStore store;
    private final JsonMapper json;

    ResultWriter(ResultStore store, JsonMapper json) {
        this.store = store;
        this.json = json;
    }

    /// What to do with each value.
    private interface ValueSink {
        void accept(long index, String number) throws IOException;
    }

    /// Writes the result as one JSON object, with its values when there are some.
    void writeJson(Stored stored, OutputStream target) throws IOException {
        var out = new BufferedOutputStream(target);
        ObjectNode facts = json.valueToTree(stored.result());
        var text = json.writeValueAsString(facts);
        write(out, text.substring(0, text.length() - 1));
        if (stored.result().hasValues()) {
            write(out, ",\"values\":[");
            eachValue(stored, (index, number) -> write(out, index == 0 ? number : "," + number));
            write(out, "]");
        }
        write(out, "}");
        out.flush();
    }

    /// Writes a heading and a line of index and value for each value (RFC 4180).
    void writeCsv(Stored stored, OutputStream target) throws IOException {
        var out = new BufferedOutputStream(target);
        write(out, "index,value\r\n");
        eachValue(stored, (index, number) -> write(out, index + "," + number + "\r\n"));
        out.flush();
    }

    /// Writes the values as signed integers, two's complement, little-endian, of fixed size.
    void writeRaw(Stored stored, OutputStream target) throws IOException {
        for (int chunk = 0; chunk < stored.chunks(); chunk++) {
            target.write(store.values(stored.result().key(), chunk));
        }
        target.flush();
    }

    private void eachValue(Stored stored, ValueSink sink) throws IOException {
        long index = 0;
        int size = stored.decoded().rawSize();
        for (int chunk = 0; chunk < stored.chunks(); chunk++) {
            var raw = store.values(stored.result().key(), chunk);
            for (int i = 0; i < raw.length / size; i++) {
                sink.accept(index++, stored.decoded().number(raw, i).toPlainString());
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
