// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

/// The role of a member, denoted by the first letter of its name, as in MP-SPDZ.
public enum Role {
    /// Has shares and sends them: P0, P1, …
    PARTY('P'),
    /// Passes on envelopes: R0.
    RELAY('R'),
    /// Receives outputs: C0, C1, …
    CLIENT('C');

    private final char letter;

    Role(char letter) {
        this.letter = letter;
    }

    /// @return the letter with which names of this role begin
    public char letter() {
        return letter;
    }

    /// @return the name in the roster
    public String text() {
        return switch (this) {
            case PARTY -> "party";
            case RELAY -> "relay";
            case CLIENT -> "client";
        };
    }
}
