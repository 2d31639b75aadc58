// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

/// The scheme of a delivery: the elements that are sent with the values so that the client can check them. The code
/// is the number in headers and in the dialog with a VM.
public enum Scheme {
    /// y alone: no check.
    ADDITIVE(0, "additive", 1, 0),
    /// y, r, w = y·r (MP-SPDZ `reveal_to_clients`).
    TRIPLE(1, "triple", 3, 0),
    /// y, r, v, w = y·r, u = v·r (Damgård et al., ePrint 2015/1006).
    QUINTUPLE(2, "quintuple", 5, 0),
    /// y, w = y·r for each value; r, v, u = v·r for each chunk.
    BATCHED(3, "batched", 2, 3),
    /// x alone, checked with masks and a coin that the parties toss after all envelopes are fixed.
    COMMITTED(4, "committed", 1, 0),
    /// Random values for a client, which masks its inputs with them; delivered and checked like committed.
    INPUT(5, "input", 1, 0);

    /// The number of masks and opened combinations of a committed delivery.
    public static final int MASKS = 64;

    private final int code;
    private final String text;
    private final int elementsPerValue;
    private final int elementsPerTail;

    Scheme(int code, String text, int elementsPerValue, int elementsPerTail) {
        this.code = code;
        this.text = text;
        this.elementsPerValue = elementsPerValue;
        this.elementsPerTail = elementsPerTail;
    }

    /// @return its number in headers and in the dialog with a VM
    public int code() {
        return code;
    }

    /// @return the name in JSON and on the command line
    public String text() {
        return text;
    }

    /// @return the number of elements for each value, interleaved: all of the first value, then of the second …
    public int elementsPerValue() {
        return elementsPerValue;
    }

    /// @return the number of elements after those of each chunk's values: 3 in batched, otherwise 0
    public int elementsPerTail() {
        return elementsPerTail;
    }

    /// @return whether a delivery is checked as a whole, with masks and a coin: committed and input, which differ
    ///     only in the client's use of the values
    public boolean isCommitted() {
        return this == COMMITTED || this == INPUT;
    }

    /// The domain in which the elements of this scheme are sent and added: in committed and input only the low k
    /// bits of a ring share are sent.
    public Domain elementDomain(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring when isCommitted() -> new Domain.Ring(ring.clearBits(), ring.clearBits());
            case Domain.Ring ring -> ring;
            case Domain.PrimeField field -> field;
        };
    }

    /// @throws IllegalArgumentException when no scheme has this code
    public static Scheme ofCode(long code) {
        for (var scheme : values()) {
            if (scheme.code == code) {
                return scheme;
            }
        }
        throw new IllegalArgumentException("Unknown code of a scheme: " + code + ".");
    }

    /// @throws IllegalArgumentException when no scheme has this name
    public static Scheme parse(String text) {
        for (var scheme : values()) {
            if (scheme.text.equals(text)) {
                return scheme;
            }
        }
        throw new IllegalArgumentException(
                "A scheme must be additive, triple, quintuple, batched, committed or input.");
    }
}
