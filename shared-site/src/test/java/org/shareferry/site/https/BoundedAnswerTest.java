// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;

class BoundedAnswerTest {
    private static final int LIMIT = 1 << 20;
    private static final int OF_REFUSALS = 64 << 10;

    private record Head(int statusCode) implements HttpResponse.ResponseInfo {
        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(Map.of(), (name, value) -> true);
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }

    private static final class Endless implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private static CompletableFuture<Bytes> answer(int status, int size) {
        return answer(status, size, Optional.empty());
    }

    private static CompletableFuture<Bytes> answer(int status, int size, Optional<AnswerSink> sink) {
        var minute = Duration.ofMinutes(1);
        var body = new BoundedAnswer(LIMIT, minute, minute, sink).apply(new Head(status));
        body.onSubscribe(new Endless());
        body.onNext(List.of(ByteBuffer.allocate(size / 2), ByteBuffer.allocate(size - size / 2)));
        body.onComplete();
        return body.getBody().toCompletableFuture();
    }

    @Test
    void an_answer_may_be_as_large_as_its_limit() {
        assertThat(answer(200, LIMIT).join().size()).isEqualTo(LIMIT);
        assertThatThrownBy(answer(200, LIMIT + 1)::join).hasCauseInstanceOf(AnswerTooLargeException.class);
    }

    @Test
    void an_error_response_is_limited_whatever_the_limit_of_a_response_is() {
        assertThat(answer(400, OF_REFUSALS).join().size()).isEqualTo(OF_REFUSALS);
        assertThatThrownBy(answer(400, OF_REFUSALS + 1)::join).hasCauseInstanceOf(AnswerTooLargeException.class);
        assertThatThrownBy(answer(503, OF_REFUSALS + 1)::join).hasCauseInstanceOf(AnswerTooLargeException.class);
    }

    @Test
    void a_sink_takes_a_response_of_any_size_but_no_error_response() {
        var taken = new AtomicLong();
        var sink = Optional.<AnswerSink>of(part -> taken.addAndGet(part.remaining()));

        assertThat(answer(200, 3 * LIMIT, sink).join().size()).isZero();
        assertThat(taken).hasValue(3 * LIMIT);
        assertThat(answer(404, 100, sink).join().size()).isEqualTo(100);
        assertThat(taken).hasValue(3 * LIMIT);
    }

    @Test
    void a_sink_can_abort_a_response() {
        var sink = Optional.<AnswerSink>of(part -> {
            throw new IOException("Enough.");
        });

        assertThatThrownBy(answer(200, 10, sink)::join).hasRootCauseMessage("Enough.");
    }
}
