// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.coyote.CloseNowException;
import org.shareferry.service.problem.Problem;

/// Whether a caller is still accepted. Requests can take long, so this is checked again for each part of the body
/// and of the answer.
public final class Standing {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Callers callers;
    private final List<X509Certificate> shown;
    private final Caller caller;
    private volatile long looked = System.nanoTime();
    private volatile Optional<Problem> ended = Optional.empty();

    /// @param shown the certificates of the TLS handshake
    /// @param caller the caller as identified when the request began
    Standing(Callers callers, List<X509Certificate> shown, Caller caller) {
        this.callers = callers;
        this.shown = List.copyOf(shown);
        this.caller = caller;
    }

    /// The caller's certificate is no longer accepted. The request and its connection end.
    static final class EndedException extends CloseNowException {
        private static final long serialVersionUID = 1L;

        EndedException() {
            super("The caller's certificate is no longer accepted.");
        }
    }

    /// @return whether the cause of this failure is an [EndedException]
    public static boolean isEnd(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EndedException) {
                return true;
            }
        }
        return false;
    }

    /// @return whether the certificate is still accepted, for the same caller with the same rights; cached for a
    ///     moment
    public boolean holds() {
        if (ended.isEmpty() && System.nanoTime() - looked >= BETWEEN_LOOKS.toNanos()) {
            ended = switch (callers.find(shown)) {
                case Callers.Found.Known(Caller now) when now.equals(caller) -> Optional.empty();
                case Callers.Found.Known(Caller other) -> Optional.of(Callers.changed());
                case Callers.Found.Unknown(Problem problem) -> Optional.of(problem);
            };
            looked = System.nanoTime();
        }
        return ended.isEmpty();
    }

    /// @throws EndedException when it is not
    void require() throws EndedException {
        if (!holds()) {
            throw new EndedException();
        }
    }

    /// @return why the caller is no longer accepted, once [#holds] has returned false
    Optional<Problem> ended() {
        return ended;
    }
}
