// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.receipt;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// A client's word that it holds the envelopes of one bundle. It says nothing of what was in them: whether
/// the output check held is for the client's user alone.
///
/// @param delivery which delivery
/// @param place which place of it
/// @param client who holds the bundle
/// @param signer the identity key that signs the receipt
/// @param received when the bundle was stored, to the millisecond
/// @param envelopes what is held, by sender
public record Receipt(
        DeliveryId delivery,
        Place place,
        MemberName client,
        KeyId signer,
        Instant received,
        Map<MemberName, EnvelopeId> envelopes) {
    private static final int VERSION = 1;
    private static final String WHAT = "a receipt";

    public Receipt {
        received = Instant.ofEpochMilli(received.toEpochMilli());
        envelopes = Collections.unmodifiableMap(new TreeMap<>(envelopes));
        if (client.role() != Role.CLIENT) {
            throw new IllegalArgumentException("Only clients give receipts.");
        }
        if (envelopes.isEmpty()) {
            throw new IllegalArgumentException("A receipt names at least one envelope.");
        }
    }

    /// @return the delivery that it is for: its id, and the senders of the envelopes as its parties
    /// @throws IllegalArgumentException when no delivery has such parties
    public DeliveryKey key() {
        return new DeliveryKey(delivery, new PartySet(List.copyOf(envelopes.keySet())));
    }

    /// @return the one deterministic encoding, which is what is signed
    public Bytes encode() {
        return CborWriter.encode(out -> {
            out.map(9);
            out.key(1).integer(VERSION);
            out.key(2).bytes(delivery.run().toBytes());
            out.key(3).integer(delivery.sequence());
            out.key(4).integer(place.kind().code());
            out.key(5).integer(place.index());
            out.key(6).text(client.toString());
            out.key(7).bytes(signer.digest());
            out.key(8).integer(received.toEpochMilli());
            out.key(9).array(envelopes.size());
            envelopes.forEach((sender, envelope) -> out.array(2)
                    .text(sender.toString())
                    .bytes(envelope.digest())
                    .endArray());
            out.endArray().endMap();
        });
    }

    /// @throws MalformedException when the bytes are not the deterministic encoding of a receipt
    public static Receipt decode(Bytes bytes) throws MalformedException {
        return CborReader.decode(WHAT, bytes, Receipt::read, Receipt::encode);
    }

    private static Receipt read(CborReader in) throws MalformedException {
        in.map();
        if (in.key(1).integer() != VERSION) {
            throw new MalformedException("The version of " + WHAT + " is not " + VERSION + ".");
        }
        var run = RunId.fromBytes(in.key(2).bytes());
        var delivery = new DeliveryId(run, in.key(3).integer());
        var place = new Place(Kind.ofCode(in.key(4).integer()), in.key(5).size());
        var client = MemberName.parse(in.key(6).text());
        var signer = new KeyId(in.key(7).bytes());
        var received = Instant.ofEpochMilli(in.key(8).integer());
        var envelopes = new TreeMap<MemberName, EnvelopeId>();
        for (var entry : in.key(9).list(DeliveryFacts.MAX_PARTIES, Receipt::readEntry)) {
            envelopes.put(entry.getKey(), entry.getValue());
        }
        in.endMap();
        return new Receipt(delivery, place, client, signer, received, envelopes);
    }

    private static Map.Entry<MemberName, EnvelopeId> readEntry(CborReader in) throws MalformedException {
        in.array();
        var entry = Map.entry(MemberName.parse(in.text()), new EnvelopeId(in.bytes()));
        in.endArray();
        return entry;
    }
}
