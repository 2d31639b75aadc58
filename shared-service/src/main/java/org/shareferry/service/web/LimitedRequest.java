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

/// A request whose body throws a [ProblemException] if it is too long, arrives too slowly, does not arrive in time,
/// or does not match the sender's `Content-Digest`. It computes the digest while the body is read.
final class LimitedRequest extends HttpServletRequestWrapper {
    private static final String ATTRIBUTE = LimitedRequest.class.getName();
    private static final int PIECE = 8 << 10;

    /// The maximum number of bytes of an unread body to discard.
    private static final long DISCARDED = 2L << 20;

    private final Optional<Sha256> digest;
    private Optional<ContentDigest> whole = Optional.empty();
    private @Nullable ServletInputStream body;
    private final long limit;
    private final Duration time;
    private final MinimumRate pace;
    private final long begun = System.nanoTime();
    private long read;

    /// @param limit bytes
    /// @param time the time limit for the whole body, from now on
    LimitedRequest(HttpServletRequest request, long limit, Duration time, MinimumRate pace) {
        super(request);
        // The items of a batch are processed independently, each with its own digest.
        this.digest = CborSequence.MEDIA_TYPE.equals(request.getContentType())
                ? Optional.empty()
                : Optional.of(Sha256.begin());
        this.limit = limit;
        this.time = time;
        this.pace = pace;
        setAttribute(ATTRIBUTE, this);
    }

    /// Reads the rest of the body, because some callers read the answer only after sending everything. The
    /// connection of a caller that is too slow is closed.
    void discardRest() {
        if (getHeader(HttpHeaders.EXPECT) != null) {
            // The caller may not have begun to send; the container closes the connection.
            return;
        }
        try {
            // Beyond the limit too, so that the caller can read the answer.
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

    /// Reads the rest of a request's body, as far as its limits allow, for the digest in a problem.
    ///
    /// @return the digest of the body as it was received; empty if there is none or it did not arrive completely
    static Optional<ContentDigest> judged(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof LimitedRequest limited ? limited.drained() : Optional.empty();
    }

    private Optional<ContentDigest> drained() {
        if (digest.isEmpty() || limit == Long.MAX_VALUE || getHeader(HttpHeaders.EXPECT) != null) {
            // The rest may be long or never arrive.
            return whole;
        }
        try {
            var rest = getInputStream();
            while (whole.isEmpty() && rest.read(new byte[PIECE]) >= 0) {
                // Only the digest matters.
            }
        } catch (IOException | ProblemException e) {
            // It is incomplete or differs from what was sent; the sender sees that from the digest.
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
                throw new ProblemException(
                        Problem.of(ProblemType.BODY_DAMAGED, "The body does not match the SHA-256 in Content-Digest."));
            }
        }

        private void count(int size) {
            read += size;
            if (read > limit) {
                throw new ProblemException(tooLarge(limit));
            }
            if (pace.isTooSlow()) {
                throw new ProblemException(Problem.of(ProblemType.BODY_TOO_SLOW, "The body arrives too slowly."));
            }
            if (System.nanoTime() - begun > time.toNanos()) {
                throw new ProblemException(Problem.of(
                        ProblemType.BODY_TOO_SLOW,
                        "The body did not arrive completely within " + time.toSeconds() + " s."));
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
