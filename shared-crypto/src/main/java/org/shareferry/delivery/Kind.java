// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

/// The kind of an envelope's content. The code is its number in headers; places are listed in the order of the
/// constants. The codes 1 and 2 belonged to an earlier format and must not be reused.
public enum Kind {
    /// The elements of one chunk: the shares of its values and of the scheme's further elements; then r, v and u in
    /// batched, or the 64 masks in the last chunk of committed.
    VALUES(0, "values"),
    /// In committed: a party's statement of all digests, coin shares and opened combinations.
    CLOSING(3, "closing");

    private final int code;
    private final String text;

    Kind(int code, String text) {
        this.code = code;
        this.text = text;
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
        throw new IllegalArgumentException("Unknown code of a kind: " + code + ".");
    }

    /// @return the name in addresses, JSON and logs
    public String text() {
        return text;
    }

    /// @throws IllegalArgumentException when no kind has this name
    public static Kind parse(String text) {
        for (var kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("A kind must be values or closing.");
    }
}
