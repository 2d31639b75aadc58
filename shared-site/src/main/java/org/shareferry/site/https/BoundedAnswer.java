// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.https;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;

/// Receives one response with limits for size and time. The JDK's request timeout ends with the response's head, so
/// without this a neighbour or a broken network could delay the body for ever.
final class BoundedAnswer implements BodyHandler<Bytes> {
    /// Large enough for any problem.
    private static final int REFUSAL_LIMIT = 64 << 10;

    private static final int REFUSALS = 400;
    private static final int USUAL = 8 << 10;

    private final int limit;
    private final Duration stillness;
    private final Duration whole;
    private final Optional<AnswerSink> sink;

    /// The body of the latest response, because the JDK's client repeats a request if the connection broke.
    private volatile @Nullable Body body;

    /// @param limit bytes of a successful response
    /// @param stillness the longest pause within a body
    /// @param whole the longest time for head and body together
    /// @param sink receives the bytes of a successful response; without one they are collected
    BoundedAnswer(int limit, Duration stillness, Duration whole, Optional<AnswerSink> sink) {
        this.limit = limit;
        this.stillness = stillness;
        this.whole = whole;
        this.sink = sink;
    }

    @Override
    public BodySubscriber<Bytes> apply(HttpResponse.ResponseInfo head) {
        boolean isRefusal = head.statusCode() >= REFUSALS;
        var fresh = new Body(
                isRefusal || sink.isPresent() ? Math.min(limit, REFUSAL_LIMIT) : limit,
                isRefusal ? Optional.empty() : sink);
        body = fresh;
        return fresh;
    }

    /// Waits for the response, and cancels the exchange if it takes too long.
    ///
    /// @param exchange whose body this handles
    /// @throws HttpTimeoutException after a pause, or a total time, beyond the limit
    /// @throws AnswerTooLargeException when it is larger than the limit
    /// @throws IOException when the connection broke
    HttpResponse<Bytes> await(CompletableFuture<HttpResponse<Bytes>> exchange)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + whole.toNanos();
        try {
            for (long left = left(end); left > 0; left = left(end)) {
                try {
                    return exchange.get(Math.min(left, stillness.toNanos()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    // Data may have arrived meanwhile.
                }
            }
            throw new HttpTimeoutException("The response took too long.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private long left(long end) {
        long now = System.nanoTime();
        var begun = body;
        return begun == null ? end - now : Math.min(end - now, begun.lastSign + stillness.toNanos() - now);
    }

    private final class Body implements BodySubscriber<Bytes> {
        private final CompletableFuture<Bytes> content = new CompletableFuture<>();
        private final BytesOutput soFar = new BytesOutput(USUAL);
        private final int most;
        private final Optional<AnswerSink> sink;
        private volatile long lastSign = System.nanoTime();
        private @Nullable Subscription subscription;

        /// @param most the maximum number of collected bytes
        Body(int most, Optional<AnswerSink> sink) {
            this.most = most;
            this.sink = sink;
        }

        @Override
        public CompletionStage<Bytes> getBody() {
            return content;
        }

        @Override
        public void onSubscribe(Subscription begun) {
            subscription = begun;
            begun.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            lastSign = System.nanoTime();
            try {
                for (var part : parts) {
                    take(part);
                }
            } catch (IOException | RuntimeException e) {
                subscribed().cancel();
                content.completeExceptionally(e);
                return;
            }
            // The sink may take time too.
            lastSign = System.nanoTime();
            subscribed().request(1);
        }

        private void take(ByteBuffer part) throws IOException {
            if (sink.isPresent()) {
                sink.get().take(part);
                return;
            }
            if (part.remaining() > most - soFar.size()) {
                throw new AnswerTooLargeException();
            }
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            soFar.writeBytes(bytes);
        }

        private Subscription subscribed() {
            return Objects.requireNonNull(subscription);
        }

        @Override
        public void onError(Throwable e) {
            content.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            content.complete(soFar.written());
        }
    }
}
