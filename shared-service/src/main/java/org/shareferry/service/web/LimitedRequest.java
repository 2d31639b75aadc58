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
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Sha256;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.HttpHeaders;

/// A request whose body ends with a [ProblemException] where it is too long, comes too slowly, is not here in time, or
/// is not what the sender's `Content-Digest` says. It computes the digest of the body as it comes.
final class LimitedRequest extends HttpServletRequestWrapper {
    private static final String ATTRIBUTE = LimitedRequest.class.getName();
    private static final int PIECE = 8 << 10;

    /// What may remain of a body that nobody wanted to read to its end.
    private static final long DISCARDED = 2L << 20;

    private final Optional<Sha256> digest;
    private Optional<ContentDigest> whole = Optional.empty();
    private @Nullable ServletInputStream body;
    private final long limit;
    private final Duration time;
    private final Pace pace;
    private final long begun = System.nanoTime();
    private long read;

    /// @param limit bytes
    /// @param time from now to the body's end
    LimitedRequest(HttpServletRequest request, long limit, Duration time, Pace pace) {
        super(request);
        // The items of a batch are judged each by itself, by the digest of its own bytes.
        this.digest = CborSequence.MEDIA_TYPE.equals(request.getContentType())
                ? Optional.empty()
                : Optional.of(Sha256.begin());
        this.limit = limit;
        this.time = time;
        this.pace = pace;
        setAttribute(ATTRIBUTE, this);
    }

    /// Reads what is left of the body, so that the caller comes to read the answer. A caller that keeps the service
    /// waiting loses its connection.
    void discardRest() {
        if (getHeader(HttpHeaders.EXPECT) != null) {
            // The caller may not have begun; the container closes its connection.
            return;
        }
        try {
            // Past its limit too: who sent too much is to read the answer.
            var stream = super.getInputStream();
            var piece = new byte[PIECE];
            for (long left = DISCARDED; left > 0 && !pace.isTooSlow(); ) {
                int size = pace.measure(() -> stream.read(piece));
                if (size < 0) {
                    return;
                }
                left -= size;
            }
            AbandonedBodies.abandon(this);
        } catch (IOException e) {
            AbandonedBodies.abandon(this);
        }
    }

    /// Reads what is left of a request's body, as far as its limits allow, for a problem that judges it.
    ///
    /// @return the digest of the body as it was received; empty when there is none, or it did not come whole
    static Optional<ContentDigest> judged(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof LimitedRequest limited ? limited.drained() : Optional.empty();
    }

    private Optional<ContentDigest> drained() {
        if (digest.isEmpty() || limit == Long.MAX_VALUE || getHeader(HttpHeaders.EXPECT) != null) {
            // The rest may be long, or never come.
            return whole;
        }
        try {
            var rest = getInputStream();
            while (whole.isEmpty() && rest.read(new byte[PIECE]) >= 0) {
                // The digest is what matters.
            }
        } catch (IOException | ProblemException e) {
            // It did not come whole, or differs from what was sent: then the digest tells the sender.
        }
        return whole;
    }

    static Problem tooLarge(long limit) {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The body has more than " + limit + " bytes.");
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new LimitedStream(super.getInputStream());
        }
        return body;
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
            if (length == 0) {
                return 0;
            }
            int size = pace.measure(() -> stream.read(target, offset, length));
            int received = Math.max(size, 0);
            count(received);
            digest.ifPresent(begun -> begun.add(target, offset, received));
            if (digest.isPresent() && whole.isEmpty() && (size < 0 || read == getContentLengthLong())) {
                end(digest.get());
            }
            return size;
        }

        private void end(Sha256 hashed) {
            var received = new ContentDigest(hashed.digest());
            whole = Optional.of(received);
            var sent = Collections.list(getHeaders(ContentDigest.HEADER));
            if (ContentDigest.parse(String.join(",", sent))
                    .filter(claimed -> !claimed.equals(received))
                    .isPresent()) {
                throw new ProblemException(Problem.of(
                        ProblemType.BODY_DAMAGED, "The body does not have the SHA-256 that Content-Digest names."));
            }
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
