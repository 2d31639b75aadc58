// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.shareferry.client.result.ResultStore.Position;
import org.shareferry.client.result.ResultStore.Stored;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.batch.CborSequence;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes results chunk by chunk, so that only one chunk is in memory.
@Component
class ResultWriter {
    private static final String EVIDENCE = "shareferry evidence v1";

    private final ResultStore store;
    private final JsonMapper json;

    ResultWriter(ResultStore store, JsonMapper json) {
        this.store = store;
        this.json = json;
    }

    /// Consumer of each value.
    private interface ValueSink {
        void accept(long index, String number) throws IOException;
    }

    /// Writes the result as one JSON object, with its values if they are available.
    void writeJson(Stored stored, NumberForm form, OutputStream target) throws IOException {
        var out = new BufferedOutputStream(target);
        var text = json.writeValueAsString(facts(stored.result(), form));
        write(out, text.substring(0, text.length() - 1));
        if (stored.result().hasValues()) {
            write(out, ",\"values\":[");
            eachValue(stored, (index, number) -> write(out, (index == 0 ? "" : ",") + form.json(number)));
            write(out, "]");
        }
        write(out, "}");
        out.flush();
    }

    /// @return the result as JSON, without values
    ObjectNode facts(Result result, NumberForm form) {
        ObjectNode facts = json.valueToTree(result);
        if (form == NumberForm.STRING) {
            facts.put("label", Long.toString(result.label()));
        }
        return facts;
    }

    /// @return the page as JSON
    ObjectNode page(ResultsController.Page page, NumberForm form) {
        ObjectNode node = json.valueToTree(page);
        var results = node.putArray("results");
        page.results().forEach(result -> results.add(facts(result, form)));
        return node;
    }

    /// Writes the values as a NumPy array file. The values are read twice, because the file's head depends on them.
    void writeNpy(Stored stored, OutputStream target) throws IOException {
        var out = new BufferedOutputStream(target);
        var format = new NpyFormat(stored.decoded());
        for (int chunk = 0; chunk < stored.chunks(); chunk++) {
            format.look(store.values(stored.result().key(), chunk));
        }
        format.writeHead(stored.result().count(), out);
        for (int chunk = 0; chunk < stored.chunks(); chunk++) {
            format.write(store.values(stored.result().key(), chunk), out);
        }
        out.flush();
    }

    /// Writes the signed envelopes as a CBOR sequence (RFC 8742): a byte string with the name of the format, then
    /// one for each envelope.
    void writeEvidence(DeliveryKey key, List<Position> positions, OutputStream target) throws IOException {
        var out = new BufferedOutputStream(target);
        writeItem(out, EVIDENCE.getBytes(StandardCharsets.US_ASCII));
        for (var position : positions) {
            var envelope = store.envelope(key, position);
            if (envelope.isPresent()) {
                writeItem(out, envelope.get());
            }
        }
        out.flush();
    }

    private static void writeItem(OutputStream out, byte[] item) throws IOException {
        out.write(CborSequence.head(item.length).toArray());
        out.write(item);
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
