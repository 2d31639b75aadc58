// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.util.ArrayList;
import java.util.List;
import org.shareferry.cbor.ByteStrings;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Place;

/// The envelopes of all parties for one place of one delivery.
///
/// @param envelopes one of each party, in the order of the parties; all speak of the same delivery alike
public record Bundle(List<Envelope> envelopes) {
    /// No encoded bundle has more bytes, because of [DeliveryFacts#MAX_BUNDLED_SHARES] and because an envelope has less
    /// than 4 KB besides shares; closing envelopes, the longest without any, are 20 KB of 256 parties.
    public static final int MAX_SIZE = 16 << 20;

    private static final String WHAT = "a bundle";

    public Bundle {
        envelopes = List.copyOf(envelopes);
        if (envelopes.isEmpty()) {
            throw new IllegalArgumentException("A bundle is not empty.");
        }
    }

    /// @return the delivery of its first envelope; see [Agreement] for whether the others say the same
    public DeliveryId delivery() {
        return envelopes.getFirst().header().facts().id();
    }

    /// @return the place of its first envelope
    public Place place() {
        return envelopes.getFirst().header().place();
    }

    /// @return the one deterministic encoding
    public Bytes encode() {
        return CborWriter.encode(out -> {
            out.map(1).key("envelopes").array(envelopes.size());
            envelopes.forEach(envelope -> envelope.write(out));
            out.endArray().endMap();
        });
    }

    /// What an encoded bundle begins with. After it come the encodings of its envelopes as they are, and nothing
    /// more: whoever has those need not decode them to send them.
    ///
    /// @param envelopes how many
    public static Bytes head(int envelopes) {
        var withEmptyItems = CborWriter.encode(out -> {
            out.map(1).key("envelopes").array(envelopes);
            for (int i = 0; i < envelopes; i++) {
                out.bytes(Bytes.empty());
            }
            out.endArray().endMap();
        });
        // An empty byte string is one byte.
        return Bytes.ofRange(withEmptyItems.toArray(), 0, withEmptyItems.size() - envelopes);
    }

    /// @throws MalformedException when the bytes are not the deterministic encoding of a bundle
    public static Bundle decode(Bytes bytes) throws MalformedException {
        var in = new ByteStrings(WHAT, bytes);
        int count = in.map(1).key("envelopes").array(DeliveryFacts.MAX_PARTIES);
        if (count == 0) {
            throw new MalformedException("This is not a bundle: it has no envelopes.");
        }
        var envelopes = new ArrayList<Envelope>();
        for (int i = 0; i < count; i++) {
            envelopes.add(Envelope.read(in));
        }
        in.end();
        return new Bundle(envelopes);
    }
}
