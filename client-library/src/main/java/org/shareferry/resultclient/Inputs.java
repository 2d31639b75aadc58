// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Private inputs: values that the client gives to a program of the parties, without anybody learning them
/// (docs/input-delivery.md). Every method throws [ServiceException] when the service refuses, and IOException when it
/// cannot be reached in time.
public final class Inputs {
    private static final int ANSWER_BYTES = 8 << 20;
    private static final int LINES = 1_000;

    private final Connection connection;
    private final Duration timeout;

    Inputs(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /// Gives values before the program asks. If the answer is lost, look at [#waiting] before you give them again:
    /// a second input for the same label and parties is refused.
    ///
    /// @param values exact; read in parts, and anew when the service was busy
    /// @return its id, and the open requests that it does not answer
    public StoredInput give(Input input, Iterable<BigDecimal> values) throws IOException, InterruptedException {
        return StoredInput.of(json(
                "/v1/inputs" + input.toQuery(),
                request -> request.header("Content-Type", "text/csv").POST(csv(values))));
    }

    /// @return the inputs that wait, the oldest first
    public List<WaitingInput> waiting() throws IOException, InterruptedException {
        return json("/v1/inputs", HttpRequest.Builder::GET).objects("inputs").stream()
                .map(WaitingInput::of)
                .toList();
    }

    /// Takes an input back that was not used.
    ///
    /// @param id of a waiting input
    public void takeBack(String id) throws IOException, InterruptedException {
        done("/v1/inputs/" + id, HttpRequest.Builder::DELETE);
    }

    /// @return requests without an answer, the oldest first, at most 1000
    public List<OpenRequest> requests() throws IOException, InterruptedException {
        return json("/v1/requests", HttpRequest.Builder::GET).objects("requests").stream()
                .map(OpenRequest::of)
                .toList();
    }

    /// Answers a request late. When this returns, the answer is committed, and there is never another one.
    ///
    /// @param values as many as the request asks for; read in parts, and anew when the service was busy
    /// @param accept UNVERIFIED_TOO: also if the request is not VERIFIED
    public void answer(OpenRequest request, Iterable<BigDecimal> values, Accept accept)
            throws IOException, InterruptedException {
        var query = new Query()
                .addList("parties", request.parties())
                .addList("acceptUnverified", accept == Accept.UNVERIFIED_TOO ? Set.of(request.protocol()) : Set.of());
        done(
                path(request) + query,
                builder -> builder.header("Content-Type", "text/csv").POST(csv(values)));
    }

    /// Refuses a request for ever.
    public void refuse(OpenRequest request) throws IOException, InterruptedException {
        var query = new Query().addList("parties", request.parties());
        done(
                path(request) + query,
                builder -> builder.header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"refuse\": true}")));
    }

    private static String path(OpenRequest request) {
        return "/v1/requests/" + request.id() + "/answer";
    }

    private static BodyPublisher csv(Iterable<BigDecimal> values) {
        return BodyPublishers.ofByteArrays(() -> new Lines(values.iterator()));
    }

    /// Writes some lines at a time.
    private record Lines(Iterator<BigDecimal> values) implements Iterator<byte[]> {
        @Override
        public boolean hasNext() {
            return values.hasNext();
        }

        @Override
        public byte[] next() {
            var text = new StringBuilder();
            for (int i = 0; i < LINES && values.hasNext(); i++) {
                text.append(values.next().toPlainString()).append('\n');
            }
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private JsonObject json(String path, UnaryOperator<HttpRequest.Builder> shape)
            throws IOException, InterruptedException {
        var deadline = Deadline.in(timeout);
        try (var body = connection.send(path, shape, deadline).body()) {
            return JsonObject.parse(body.readAll(ANSWER_BYTES, deadline));
        }
    }

    private void done(String path, UnaryOperator<HttpRequest.Builder> shape) throws IOException, InterruptedException {
        connection.send(path, shape, Deadline.in(timeout)).body().close();
    }
}
