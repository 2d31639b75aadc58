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
/// @param envelopes one from each party, in the order of the parties; all agree about the delivery
public record Bundle(List<Envelope> envelopes) {
    /// The maximum number of bytes of an encoded bundle. It follows from [DeliveryFacts#MAX_BUNDLED_SHARES] and
    /// less than 4 KB of overhead per envelope. Closing envelopes, which have no shares, have up to 20 KB with 256
    /// parties.
    public static final int MAX_SIZE = 16 << 20;

    private static final String WHAT = "a bundle";

    public Bundle {
        envelopes = List.copyOf(envelopes);
        if (envelopes.isEmpty()) {
            throw new IllegalArgumentException("A bundle must not be empty.");
        }
    }

    /// @return the delivery of its first envelope; [Agreement] compares the others with it
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

    /// The beginning of an encoded bundle. The encodings of its envelopes follow unchanged, so stored envelopes
    /// need not be decoded to send them.
    ///
    /// @param envelopes the number of envelopes
    public static Bytes head(int envelopes) {
        var withEmptyItems = CborWriter.encode(out -> {
            out.map(1).key("envelopes").array(envelopes);
            for (int i = 0; i < envelopes; i++) {
                out.bytes(Bytes.empty());
            }
            out.endArray().endMap();
        });
        // An empty byte string has one byte.
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
