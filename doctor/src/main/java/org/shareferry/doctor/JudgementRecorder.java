// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.shareferry.json.PlainText;
import org.shareferry.trust.Judgement;

/// Records the judgement of a server's certificate in one handshake.
final class JudgementRecorder implements Consumer<Judgement> {
    private final AtomicReference<@Nullable Judgement> told = new AtomicReference<>();

    @Override
    public void accept(Judgement judgement) {
        told.set(judgement);
    }

    /// @return whether a certificate was presented and accepted as the member's, regardless of its hosts
    boolean isAccepted() {
        return told.get() instanceof Judgement.Accepted;
    }

    /// @return why it was refused, if it was
    Optional<Judgement.Refused> refusal() {
        return told.get() instanceof Judgement.Refused refused ? Optional.of(refused) : Optional.empty();
    }

    /// @param failure of the handshake
    /// @return why the certificate is not for the host, if that was the cause
    Optional<String> otherHost(IOException failure) {
        for (Throwable cause = failure; cause != null && isAccepted(); cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return Optional.of(PlainText.of(String.valueOf(cause.getMessage())));
            }
        }
        return Optional.empty();
    }

    /// @return the doctor's fault for this refusal
    static Fault fault(Judgement.Refused refused) {
        return switch (refused.reason()) {
            case NAMELESS, ANOTHER_NAME -> Fault.NEIGHBOUR_HAS_ANOTHER_NAME;
            case NOT_TRUSTED -> Fault.NEIGHBOUR_CERTIFICATE_NOT_TRUSTED;
            case WEAK -> Fault.WEAK_CERTIFICATE;
            case NOT_YET_VALID, AUTHORITY_NOT_YET_VALID -> Fault.NEIGHBOUR_CERTIFICATE_NOT_YET_VALID;
            case EXPIRED -> Fault.NEIGHBOUR_CERTIFICATE_EXPIRED;
            case AUTHORITY_EXPIRED -> Fault.NEIGHBOUR_AUTHORITY_EXPIRED;
        };
    }
}
