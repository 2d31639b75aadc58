// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

/// What an envelope holds. The code is its number in headers; the order of the constants is the order in
/// which envelopes are digested.
public enum Kind {
    /// The shares of consecutive values and of what the scheme sends with each.
    VALUES(0),
    /// In committed: the shares of the 64 masks.
    MASKS(1),
    /// In batched: the shares of a chunk's r, v and u.
    TAIL(2),
    /// In committed: a party's word on all digests, coin shares and opened combinations.
    CLOSING(3);

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    /// @return its number in headers
    public int code() {
        return code;
    }

    /// @throws IllegalArgumentException when no kind has this code
    public static Kind ofCode(long code) {
        for (var kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("No kind of envelope has the code " + code + ".");
    }

    /// @return the name as it stands in addresses, JSON and logs
    public String text() {
        return switch (this) {
            case VALUES -> "values";
            case MASKS -> "masks";
            case TAIL -> "tail";
            case CLOSING -> "closing";
        };
    }

    /// @throws IllegalArgumentException when no kind has this name
    public static Kind parse(String text) {
        for (var kind : values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("A kind is values, masks, tail or closing.");
    }
}
