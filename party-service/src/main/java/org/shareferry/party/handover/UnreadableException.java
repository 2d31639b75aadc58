// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

/// The body cannot be read as a hand-over. Carries the refusal and nothing of the body.
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient HandOverRefusal refusal;

    UnreadableException(HandOverRefusal refusal) {
        super(refusal.getClass().getSimpleName());
        this.refusal = refusal;
    }

    static UnreadableException malformed(String detail) {
        return new UnreadableException(new HandOverRefusal.Malformed(detail));
    }

    static UnreadableException unfit(String detail) {
        return new UnreadableException(new HandOverRefusal.Unfit(detail));
    }

    HandOverRefusal refusal() {
        return refusal;
    }
}
