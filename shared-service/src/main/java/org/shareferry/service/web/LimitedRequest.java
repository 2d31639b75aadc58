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

/// A request whose body ends with a [ProblemException] where it is too long, or not here in time.
final class LimitedRequest extends HttpServletRequestWrapper {
    private final long limit;
    private final Duration time;
    private final long begun = System.nanoTime();

    /// @param limit bytes
    /// @param time from now to the body's end
    LimitedRequest(HttpServletRequest request, long limit, Duration time) {
        super(request);
        this.limit = limit;
        this.time = time;
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
        private long read;

        LimitedStream(ServletInputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            int next = stream.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int size = stream.read(target, offset, length);
            count(Math.max(size, 0));
            return size;
        }

        private void count(int size) {
            read += size;
            if (read > limit) {
                throw new ProblemException(tooLarge(limit));
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
