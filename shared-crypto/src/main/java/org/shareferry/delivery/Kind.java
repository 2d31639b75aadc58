// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

/// What an envelope holds. The code is its number in headers; the order of the constants is the order in
/// which places are listed. The codes 1 and 2 belonged to kinds of an earlier format and are not used again.
public enum Kind {
    /// The elements of one chunk: the shares of its values and of what the scheme sends with them; then r, v
    /// and u in batched, or in the last chunk of committed the 64 masks.
    VALUES(0, "values"),
    /// In committed: a party's word on all digests, coin shares and opened combinations.
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
        throw new IllegalArgumentException("No kind of envelope has the code " + code + ".");
    }

    /// @return the name as it stands in addresses, JSON and logs
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
        throw new IllegalArgumentException("A kind is values or closing.");
    }
}
