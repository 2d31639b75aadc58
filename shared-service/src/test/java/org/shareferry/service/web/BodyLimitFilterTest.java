// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.problem.ProblemWriter;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.DelegatingServletOutputStream;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class BodyLimitFilterTest {
    private static final int LIMIT = 16 << 10;
    private static final FilterChain READS =
            (request, response) -> request.getInputStream().readAllBytes();

    private static BodyLimitFilter filter(Duration time) {
        return filter(time, request -> false, System::nanoTime);
    }

    private static BodyLimitFilter filter(
            Duration time, Predicate<HttpServletRequest> streamed, LongSupplier nanoTime) {
        var properties = new ServiceProperties(
                MemberName.parse("R0"),
                Path.of("roster.json"),
                Path.of("identity.pem"),
                List.of(),
                List.of(),
                Duration.ofDays(7),
                Duration.ofMinutes(5),
                DataSize.ofBytes(LIMIT),
                DataSize.ofBytes(LIMIT * 3 / 2),
                time,
                DataSize.ofKilobytes(1));
        return new BodyLimitFilter(
                properties, Duration.ofMillis(1), streamed, new ProblemWriter(JsonMapper.shared()), nanoTime);
    }

    private static MockHttpServletRequest post(String caller, int size) {
        var request = new MockHttpServletRequest("POST", "/v1/envelopes");
        request.setRemoteUser(caller);
        request.setContent(new byte[size]);
        return request;
    }

    private static int status(BodyLimitFilter filter, MockHttpServletRequest request) throws Exception {
        var response = new MockHttpServletResponse();
        filter.doFilter(request, response, READS);
        return response.getStatus();
    }

    /// @return the answers to other requests that come while one is in work
    private static List<Integer> meanwhile(
            BodyLimitFilter filter, MockHttpServletRequest inWork, MockHttpServletRequest... others) throws Exception {
        var answers = new ArrayList<Integer>();
        filter.doFilter(inWork, new MockHttpServletResponse(), (request, response) -> {
            for (var other : others) {
                var answer = new MockHttpServletResponse();
                filter.doFilter(other, answer, READS);
                answers.add(answer.getStatus());
            }
        });
        return answers;
    }

    @Test
    void bodies_in_progress_use_their_senders_space_and_leave_space_for_others() throws Exception {
        var filter = filter(Duration.ofMinutes(1));

        assertThat(meanwhile(filter, post("P1", LIMIT), post("P1", 1), post("P0", LIMIT / 2), post("P0", LIMIT)))
                .containsExactly(429, 200, 429);
        assertThat(status(filter, post("P1", LIMIT))).isEqualTo(200);
    }

    @Test
    void a_refused_caller_gets_a_retry_time() throws Exception {
        var filter = filter(Duration.ofMinutes(1));
        var refused = new MockHttpServletResponse();

        filter.doFilter(
                post("P1", LIMIT),
                new MockHttpServletResponse(),
                (request, response) -> filter.doFilter(post("P1", 1), refused, READS));

        assertThat(refused.getHeader("Retry-After")).isEqualTo("2");
        assertThat(refused.getContentAsString()).contains("/problem-types#too-much-at-once");
    }

    @Test
    void a_failed_request_releases_its_space() throws Exception {
        var filter = filter(Duration.ofMinutes(1));

        assertThatThrownBy(
                        () -> filter.doFilter(post("P1", LIMIT), new MockHttpServletResponse(), (request, response) -> {
                            throw new IllegalStateException("for this test");
                        }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(status(filter, post("P1", LIMIT))).isEqualTo(200);
    }

    @Test
    void a_body_of_unknown_length_uses_the_space_of_the_largest() throws Exception {
        var filter = filter(Duration.ofMinutes(1));
        var chunked = new MockHttpServletRequest("POST", "/v1/envelopes") {
            @Override
            public long getContentLengthLong() {
                return -1;
            }
        };
        chunked.setRemoteUser("P1");
        chunked.addHeader("Transfer-Encoding", "chunked");

        assertThat(meanwhile(filter, chunked, post("P1", 1))).containsExactly(429);
    }

    @Test
    void requests_without_a_body_need_no_space() throws Exception {
        var get = new MockHttpServletRequest("GET", "/v1/deliveries");
        get.setRemoteUser("P1");

        assertThat(meanwhile(filter(Duration.ofMinutes(1)), post("P1", LIMIT), get))
                .containsExactly(200);
    }

    @Test
    void a_get_has_no_body() throws Exception {
        var get = post("P1", 1);
        get.setMethod("GET");

        assertThat(status(filter(Duration.ofMinutes(1)), get)).isEqualTo(400);
    }

    @Test
    void space_for_an_answer_is_released_at_the_end_of_the_request() throws Exception {
        var filter = filter(Duration.ofMinutes(1));
        var answers = new BytesInFlight(LIMIT, LIMIT);

        filter.doFilter(post("C0", 0), new MockHttpServletResponse(), (request, response) -> {
            try {
                AnswerLeases.keep(
                        request, answers.take("C0", LIMIT, Duration.ofMillis(1)).orElseThrow());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(answers.take("C0", LIMIT, Duration.ofMillis(1))).isPresent();
    }

    @Test
    void a_body_that_takes_too_long_is_aborted() {
        var filter = filter(Duration.ZERO);

        assertThatThrownBy(() -> status(filter, post("P1", 1)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(ProblemType.BODY_TOO_SLOW));
    }

    /// Time that passes only while a caller is waited for.
    private final AtomicLong now = new AtomicLong();

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    /// @param pause before each of its bytes comes
    private MockHttpServletRequest trickling(int size, Duration pause) {
        var stream =
                new DelegatingServletInputStream(new InputStream() {
                    private int left = size;

                    @Override
                    public int read() {
                        pass(pause);
                        return left-- > 0 ? 0 : -1;
                    }
                }) {
                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        return read() < 0 ? -1 : 1;
                    }
                };
        var request = new MockHttpServletRequest("POST", "/v1/envelopes") {
            @Override
            public ServletInputStream getInputStream() {
                return stream;
            }

            @Override
            public long getContentLengthLong() {
                return size;
            }
        };
        request.setRemoteUser("P0-user");
        return request;
    }

    @Test
    void a_body_below_the_minimum_rate_is_aborted_early() {
        for (boolean isStreamed : List.of(false, true)) {
            var filter = filter(Duration.ofHours(1), request -> isStreamed, now::get);
            var request = trickling(LIMIT, Duration.ofSeconds(5));
            long begun = now.get();

            assertThatThrownBy(() -> status(filter, request))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.BODY_TOO_SLOW));

            assertThat(now.get() - begun).isLessThan(Duration.ofMinutes(1).toNanos());
            assertThat(AbandonedBodies.isAbandoned(request))
                    .as("its connection is closed")
                    .isTrue();
        }
    }

    @Test
    void a_body_at_the_minimum_rate_is_not_aborted() throws Exception {
        var filter = filter(Duration.ofHours(1), request -> true, now::get);

        assertThat(status(filter, trickling(LIMIT * 4, Duration.ofNanos(900_000))))
                .isEqualTo(200);
    }

    @Test
    void the_time_of_the_service_does_not_count_for_the_rate() throws Exception {
        var filter = filter(Duration.ofHours(1), request -> true, now::get);
        var response = new MockHttpServletResponse();

        filter.doFilter(trickling(100, Duration.ZERO), response, (request, answer) -> {
            while (request.getInputStream().read() >= 0) {
                pass(Duration.ofMinutes(1));
            }
        });

        assertThat(response.getStatus()).isEqualTo(200);
    }

    @Test
    void a_refused_caller_cannot_hold_the_connection_with_the_rest_of_the_body() throws Exception {
        var filter = filter(Duration.ofHours(1), request -> false, now::get);
        var request = trickling(LIMIT + 1, Duration.ofSeconds(5));

        assertThat(status(filter, request)).isEqualTo(413);

        assertThat(AbandonedBodies.isAbandoned(request)).isTrue();
        assertThat(now.get()).isLessThan(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void a_refused_caller_may_send_the_rest_of_the_body_and_keep_the_connection() throws Exception {
        var get = post("P1", 1);
        get.setMethod("GET");

        assertThat(status(filter(Duration.ofHours(1)), get)).isEqualTo(400);

        assertThat(AbandonedBodies.isAbandoned(get)).isFalse();
    }

    /// @param pause for each piece of an answer
    private MockHttpServletResponse readSlowly(Duration pause) {
        return new MockHttpServletResponse() {
            @Override
            public ServletOutputStream getOutputStream() {
                return new DelegatingServletOutputStream(OutputStream.nullOutputStream()) {
                    @Override
                    public void write(byte[] source, int offset, int length) {
                        pass(pause);
                    }
                };
            }
        };
    }

    @Test
    void a_slowly_read_answer_is_aborted_and_releases_its_space() throws Exception {
        var filter = filter(Duration.ofHours(1), request -> false, now::get);
        var answers = new BytesInFlight(LIMIT, LIMIT);
        FilterChain bundles = (request, response) -> {
            try {
                AnswerLeases.keep(
                        request, answers.take("C0", LIMIT, Duration.ofMillis(1)).orElseThrow());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            response.getOutputStream().write(new byte[1 << 24]);
        };

        assertThatThrownBy(() -> filter.doFilter(post("C0", 0), readSlowly(Duration.ofSeconds(30)), bundles))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too slowly");

        assertThat(now.get()).isLessThan(Duration.ofMinutes(3).toNanos());
        assertThat(answers.take("C0", LIMIT, Duration.ofMillis(1))).isPresent();
    }

    @Test
    void an_aborted_answer_does_not_end_like_a_complete_one() {
        var filter = filter(Duration.ofHours(1), request -> false, now::get);

        assertThatThrownBy(() ->
                        filter.doFilter(post("C0", 0), readSlowly(Duration.ofMinutes(5)), (request, response) -> {
                            try {
                                response.getOutputStream().write(new byte[LIMIT]);
                            } catch (IOException e) {
                                // As a framework does that takes the caller for gone.
                            }
                        }))
                .isInstanceOf(IOException.class);
    }

    /// @return the digest that a problem of this request repeats
    private static Optional<ContentDigest> judged(MockHttpServletRequest request, FilterChain chain) throws Exception {
        var found = new AtomicReference<Optional<ContentDigest>>(Optional.empty());
        filter(Duration.ofMinutes(1)).doFilter(request, new MockHttpServletResponse(), (wrapped, response) -> {
            chain.doFilter(wrapped, response);
            found.set(LimitedRequest.judged((HttpServletRequest) wrapped));
        });
        return found.get();
    }

    private static ContentDigest digest(int size) {
        return ContentDigest.of(List.of(Bytes.of(new byte[size])));
    }

    @Test
    void a_body_that_differs_from_its_digest_is_damaged() {
        var request = post("P1", 100);
        request.addHeader("Content-Digest", digest(99).toString());

        assertThatThrownBy(() -> status(filter(Duration.ofMinutes(1)), request))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(ProblemType.BODY_DAMAGED));
    }

    @Test
    void a_body_that_equals_its_digest_is_read() throws Exception {
        var request = post("P1", 100);
        request.addHeader("Content-Digest", "md5=:AAAA:, " + digest(100));

        assertThat(status(filter(Duration.ofMinutes(1)), request)).isEqualTo(200);
    }

    @Test
    void a_problem_has_the_digest_of_the_whole_body() throws Exception {
        assertThat(judged(post("P1", 100), READS)).contains(digest(100));
        assertThat(judged(post("P1", 100), (request, response) -> {})).contains(digest(100));
        assertThat(judged(post("P1", 100), (request, response) -> {
                    assertThat(request.getInputStream().read()).isZero();
                    assertThat(request.getInputStream().read(new byte[9])).isEqualTo(9);
                }))
                .contains(digest(100));
    }

    @Test
    void a_problem_has_no_digest_of_a_truncated_body() throws Exception {
        var broken = new MockHttpServletRequest("POST", "/v1/envelopes") {
            @Override
            public ServletInputStream getInputStream() {
                return new DelegatingServletInputStream(
                        new SequenceInputStream(new ByteArrayInputStream(new byte[50]), new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new EOFException("for this test");
                            }
                        }));
            }
        };
        broken.setContent(new byte[100]);

        assertThat(judged(broken, (request, response) -> {})).isEmpty();
    }
}
