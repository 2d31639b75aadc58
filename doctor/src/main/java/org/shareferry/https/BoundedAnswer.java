// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.https;

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

/// Takes one answer, of bounded size and in bounded time. The JDK's request timeout ends with the head of the answer:
/// without more, a neighbour, or a network that was cut, could delay the body for ever.
final class BoundedAnswer implements BodyHandler<Bytes> {
    /// Enough for any problem.
    private static final int REFUSAL_LIMIT = 64 << 10;

    private static final int REFUSALS = 400;
    private static final int USUAL = 8 << 10;

    private final int limit;
    private final Duration stillness;
    private final Duration whole;
    private final Optional<AnswerSink> sink;

    /// Of the latest answer: the JDK's client repeats a request if the connection broke before an answer.
    private volatile @Nullable Body body;

    /// @param limit bytes of an answer that is no refusal
    /// @param stillness for how long nothing of a body may come
    /// @param whole for how long head and body may take together
    /// @param sink takes the bytes of an answer that is no refusal; without one they are kept
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

    /// Waits for the answer, and gives the exchange up when it takes too long.
    ///
    /// @param exchange that this handles the body of
    /// @throws HttpTimeoutException when it stood still, or took too long altogether
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
                    // Something may have come meanwhile.
                }
            }
            throw new HttpTimeoutException("The answer took too long.");
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

        /// @param most bytes that are kept
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
            // What a sink does with it may take a while, too.
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
