// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// One client-service, asked over mutual TLS (TLS 1.3). May be shared between threads.
///
/// ```java
/// try (var c0 = ResultClient.ofFolder(Path.of("site/C0"))) {
///     var result = c0.await(ResultQuery.all().withLabel(1755), Duration.ofMinutes(1));
///     long[] values = c0.values(result).toLongs();
/// }
/// ```
///
/// Values are exact, and only those of a VERIFIED result are given unless the caller says otherwise. Every
/// method that asks the service throws [ServiceException] when it refuses, and another IOException when it
/// cannot be reached, or does not answer within [ClientOptions#timeout]. Answers 429 and 503 are waited out
/// as `Retry-After` says, within that time.
public final class ResultClient implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final int PAGE_BYTES = 8 << 20;
    private static final String WIDTH = "Shareferry-Width";
    private static final String COUNT = "Shareferry-Count";
    private static final String VERDICT = "Shareferry-Verdict";
    private static final String PRECISION = "Shareferry-Precision";

    private final Connection connection;
    private final ClientOptions options;

    private ResultClient(ClientFiles files, ClientOptions options, Clock clock) throws IOException {
        this.connection = new Connection(files, clock);
        this.options = options;
    }

    /// @param folder the client's own below what `shareferry init` or `demo --dir` made, such as `site/C0`
    /// @throws IOException when its files cannot be used
    public static ResultClient ofFolder(Path folder) throws IOException {
        return open(ClientFiles.ofFolder(folder), ClientOptions.DEFAULT);
    }

    /// @throws IOException when the files cannot be used
    public static ResultClient open(ClientFiles files, ClientOptions options) throws IOException {
        return open(files, options, Clock.systemUTC());
    }

    /// @param clock by which certificates are valid
    static ResultClient open(ClientFiles files, ClientOptions options, Clock clock) throws IOException {
        return new ResultClient(files, options, clock);
    }

    /// @return the newest results first
    public List<Result> results(ResultQuery query) throws IOException, InterruptedException {
        return page(query).objects("results").stream().map(Result::of).toList();
    }

    private JsonObject page(ResultQuery query) throws IOException, InterruptedException {
        var deadline = Deadline.in(options.timeout());
        try (var body = get("/v1/results" + query.toQuery(), "application/json", deadline)
                .body()) {
            return JsonObject.parse(body.readAll(PAGE_BYTES, deadline));
        }
    }

    /// Waits until the newest result that is meant has a verdict.
    ///
    /// @param timeout how long
    /// @throws TimeoutException when it has none by then
    public Result await(ResultQuery query, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            var newest = results(query.withLimit(1));
            if (!newest.isEmpty() && newest.getFirst().verdict().isPresent()) {
                return newest.getFirst();
            }
            if (System.nanoTime() - end >= 0) {
                throw new TimeoutException("No result"
                        + (query.label().isPresent()
                                ? " with label " + query.label().getAsLong()
                                : "") + " has a verdict after " + timeout + ".");
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// @return the values of a VERIFIED result
    /// @throws NotVerifiedException when the result is not VERIFIED
    /// @throws ValuesDeletedException when its values had been deleted when it was read
    /// @throws ServiceException also when they were deleted since (`result-not-available`)
    public Values values(Result result) throws IOException, InterruptedException {
        return values(result, Accept.VERIFIED_ONLY);
    }

    /// Reads all values into memory, `count` times the width of a value: 8 bytes for 64 bits.
    ///
    /// @throws NotVerifiedException when the result's verdict is none that is accepted
    /// @throws ValuesDeletedException as above
    /// @throws IOException also when the values have more bytes than [ClientOptions#valueBytes]; see [#eachValue]
    public Values values(Result result, Accept accept) throws IOException, InterruptedException {
        var deadline = Deadline.in(options.timeout());
        var answer = file(result, accept, deadline);
        try (var body = answer.body()) {
            int width = width(answer);
            long size = Math.multiplyExact(header(answer, COUNT), (long) width);
            if (size > options.valueBytes() || size > Integer.MAX_VALUE - Long.BYTES) {
                throw new IOException("The values have " + size + " bytes, and " + options.valueBytes()
                        + " are allowed (ClientOptions). Read them one by one with eachValue.");
            }
            var raw = new byte[(int) size];
            int filled = 0;
            for (var part = body.read(deadline.left()); part.hasRemaining(); part = body.read(deadline.left())) {
                int length = part.remaining();
                if (length > raw.length - filled) {
                    throw incomplete(result);
                }
                part.get(raw, filled, length);
                filled += length;
            }
            if (filled != raw.length) {
                throw incomplete(result);
            }
            return new Values(raw, width, result.precision());
        }
    }

    /// Reads values one by one: however many there are, few are in memory.
    ///
    /// @throws NotVerifiedException when the result's verdict is none that is accepted
    /// @throws ValuesDeletedException as above
    public void eachValue(Result result, Accept accept, ValueSink sink) throws IOException, InterruptedException {
        var deadline = Deadline.in(options.timeout());
        var answer = file(result, accept, deadline);
        try (var body = answer.body()) {
            var value = new byte[width(answer)];
            int filled = 0;
            long index = 0;
            for (var part = body.read(deadline.left()); part.hasRemaining(); part = body.read(deadline.left())) {
                while (part.hasRemaining()) {
                    int length = Math.min(part.remaining(), value.length - filled);
                    part.get(value, filled, length);
                    filled += length;
                    if (filled == value.length) {
                        sink.accept(index++, Values.decimal(Values.integer(value, 0, filled), result.precision()));
                        filled = 0;
                    }
                }
            }
            Arrays.fill(value, (byte) 0);
            if (filled != 0 || index != header(answer, COUNT)) {
                throw incomplete(result);
            }
        }
    }

    private static IOException incomplete(Result result) {
        return new IOException("The values of delivery " + result.id() + " did not come as announced.");
    }

    private HttpResponse<PulledBody> file(Result result, Accept accept, Deadline deadline)
            throws IOException, InterruptedException {
        if (!accept.takes(result)) {
            throw new NotVerifiedException(result);
        }
        if (result.isWithoutValues()) {
            throw new ValuesDeletedException(result);
        }
        var path = "/v1/results/" + result.id() + new Query().addList("parties", result.parties());
        var answer = get(path, "application/octet-stream", deadline);
        try {
            requireSame(result, answer);
            return answer;
        } catch (IOException e) {
            answer.body().close();
            throw e;
        }
    }

    /// A client service that was restored may have checked the delivery again, with another verdict.
    private static void requireSame(Result result, HttpResponse<?> answer) throws IOException {
        var verdict = answer.headers().firstValue(VERDICT).orElse("");
        boolean isSame = result.verdict().map(Verdict::name).equals(Optional.of(verdict))
                && header(answer, PRECISION) == result.precision()
                && header(answer, COUNT) == result.count();
        if (!isSame) {
            throw new IOException("The result of delivery " + result.id() + " has changed since it was read: verdict,"
                    + " number of values or precision. Read the result again.");
        }
    }

    private static int width(HttpResponse<?> answer) throws IOException {
        long width = header(answer, WIDTH);
        if (width < 1 || width > Short.MAX_VALUE) {
            throw new IOException("The answer has values of " + width + " bytes.");
        }
        return (int) width;
    }

    private static long header(HttpResponse<?> answer, String name) throws IOException {
        return answer.headers()
                .firstValueAsLong(name)
                .orElseThrow(() -> new IOException("The answer has no header " + name + "."));
    }

    private HttpResponse<PulledBody> get(String path, String mediaType, Deadline deadline)
            throws IOException, InterruptedException {
        return connection.send(
                path, request -> request.header("Accept", mediaType).GET(), deadline);
    }

    /// Results as they change from now on, also before they have a verdict. Each subscriber has a connection and a
    /// virtual thread of its own, which calls the subscriber. Events that were not requested stay at the service.
    /// Several changes of one delivery may come as one event, the latest. A connection that breaks is made again,
    /// and nothing is missed. `onError` is called when the service refuses.
    public Publisher<Result> changes() throws IOException, InterruptedException {
        return changesAfter(lastChange());
    }

    private long lastChange() throws IOException, InterruptedException {
        return page(ResultQuery.all().withLimit(1)).number("asOf");
    }

    /// Results as they change, as [#changes], after a change that is known.
    ///
    /// @param change its number, as in [Result#change]; 0 for all results
    public Publisher<Result> changesAfter(long change) {
        return new Changes(connection, options.timeout(), change);
    }

    /// Calls a listener for each result that changes from now on, in a virtual thread, one after the other.
    ///
    /// @param each the listener
    /// @param failed is called once when there will be no more
    /// @return to be closed to end it
    public Listening listen(Consumer<Result> each, Consumer<Throwable> failed)
            throws IOException, InterruptedException {
        var listening = new Listening(each, failed);
        changes().subscribe(listening.subscriber());
        return listening;
    }

    /// @return private inputs of this client
    public Inputs inputs() {
        return new Inputs(connection, options.timeout());
    }

    /// Ends all connections. Subscribers are told that there is no more.
    @Override
    public void close() {
        connection.close();
    }
}
