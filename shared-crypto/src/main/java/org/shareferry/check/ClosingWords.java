// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.List;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.DeliveryFacts;

/// The content of a party's closing envelope: the digests of all parties that it saw before it released its coin
/// share, all coin shares, and the opened combinations.
///
/// @param digests D_q by party, ascending
/// @param coinShares r_q by party, ascending
/// @param combinations T_0 … T_63 as the VM wrote them
public record ClosingWords(List<Bytes> digests, List<Bytes> coinShares, Bytes combinations) {
    private static final String WHAT = "a closing envelope's body";

    public ClosingWords {
        digests = List.copyOf(digests);
        coinShares = List.copyOf(coinShares);
        if (digests.size() != coinShares.size()) {
            throw new IllegalArgumentException("There must be one digest and one coin share per party.");
        }
        for (var word : List.of(digests, coinShares)) {
            if (word.stream().anyMatch(bytes -> bytes.size() != Coin.SIZE)) {
                throw new IllegalArgumentException("Digests and coin shares must have " + Coin.SIZE + " bytes.");
            }
        }
    }

    /// @return the one deterministic encoding
    public Bytes encode() {
        return CborWriter.encode(out -> {
            out.array(3);
            for (var words : List.of(digests, coinShares)) {
                out.array(words.size());
                words.forEach(out::bytes);
                out.endArray();
            }
            out.bytes(combinations).endArray();
        });
    }

    /// @throws MalformedException when the bytes are not the deterministic encoding of closing words
    public static ClosingWords decode(Bytes bytes) throws MalformedException {
        return CborReader.decode(WHAT, bytes, ClosingWords::read, ClosingWords::encode);
    }

    private static ClosingWords read(CborReader in) throws MalformedException {
        in.array();
        var digests = in.list(DeliveryFacts.MAX_PARTIES, CborReader::bytes);
        var coinShares = in.list(DeliveryFacts.MAX_PARTIES, CborReader::bytes);
        var combinations = in.bytes();
        in.endArray();
        return new ClosingWords(digests, coinShares, combinations);
    }
}
