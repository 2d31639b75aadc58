// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.HttpHeaders;

/// A request whose body ends with a [ProblemException] where it is too long, comes too slowly, or is not here in time.
final class LimitedRequest extends HttpServletRequestWrapper {
    /// What may remain of a body that nobody wanted to read to its end.
    private static final long DISCARDED = 2L << 20;

    private final long limit;
    private final Duration time;
    private final Pace pace;
    private final long begun = System.nanoTime();
    private long read;

    /// @param limit bytes
    /// @param time from now to the body's end
    LimitedRequest(HttpServletRequest request, long limit, Duration time, Pace pace) {
        super(request);
        this.limit = limit;
        this.time = time;
        this.pace = pace;
    }

    /// Reads what is left of the body, so that the caller comes to read the answer. A caller that keeps the service
    /// waiting loses its connection.
    void discardRest() {
        if (getHeader(HttpHeaders.EXPECT) != null) {
            // The caller may not have begun; the container closes its connection.
            return;
        }
        try {
            var stream = getInputStream();
            var piece = new byte[8 << 10];
            for (long left = DISCARDED; left > 0; left -= piece.length) {
                if (stream.read(piece) < 0) {
                    return;
                }
            }
            AbandonedBodies.abandon(this);
        } catch (IOException | ProblemException e) {
            AbandonedBodies.abandon(this);
        }
    }

    static Problem tooLarge(long limit) {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The body has more than " + limit + " bytes.");
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new LimitedStream(super.getInputStream());
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    private final class LimitedStream extends ServletInputStream {
        private final ServletInputStream stream;

        LimitedStream(ServletInputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            var next = new byte[1];
            return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int size = pace.measure(() -> stream.read(target, offset, length));
            count(Math.max(size, 0));
            return size;
        }

        private void count(int size) {
            read += size;
            if (read > limit) {
                throw new ProblemException(tooLarge(limit));
            }
            if (pace.isTooSlow()) {
                throw new ProblemException(
                        Problem.of(ProblemType.BODY_TOO_SLOW, "The body comes more slowly than this service waits."));
            }
            if (System.nanoTime() - begun > time.toNanos()) {
                throw new ProblemException(Problem.of(
                        ProblemType.BODY_TOO_SLOW, "After " + time.toSeconds() + " s the body was not here whole."));
            }
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }
}
