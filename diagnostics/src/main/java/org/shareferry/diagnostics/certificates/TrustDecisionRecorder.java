// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.json.PlainText;
import org.shareferry.site.trust.TrustDecision;

/// Records the decision on a server's certificate in one handshake.
public final class TrustDecisionRecorder implements Consumer<TrustDecision> {
    private final AtomicReference<@Nullable TrustDecision> told = new AtomicReference<>();

    @Override
    public void accept(TrustDecision decision) {
        told.set(decision);
    }

    /// @return whether a certificate was presented and accepted as the member's, regardless of its hosts
    public boolean isAccepted() {
        return told.get() instanceof TrustDecision.Accepted;
    }

    /// @return why it was refused, if it was
    public Optional<TrustDecision.Refused> refusal() {
        return told.get() instanceof TrustDecision.Refused refused ? Optional.of(refused) : Optional.empty();
    }

    /// @param failure of the handshake
    /// @return why the certificate is not for the host, if that was the cause
    public Optional<String> otherHost(IOException failure) {
        for (Throwable cause = failure; cause != null && isAccepted(); cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return Optional.of(PlainText.of(String.valueOf(cause.getMessage())));
            }
        }
        return Optional.empty();
    }

    /// @return the doctor's fault for this refusal
    public static Fault fault(TrustDecision.Refused refused) {
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
