// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.receipt;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
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

/// A client's statement that it has stored the envelopes of some bundles of one delivery. It says nothing about
/// their content or the verdict, which only the client's own users may see.
/// @param delivery the delivery id
/// @param client that has the bundles
/// @param signer the identity key that signs the receipt
/// @param received when the last of these bundles was stored, to the millisecond
/// @param places the envelopes at each place, by sender; all places have the same senders
public record Receipt(
        DeliveryId delivery,
        MemberName client,
        KeyId signer,
        Instant received,
        SortedMap<Place, Map<MemberName, EnvelopeId>> places) {
    /// The maximum number of places of one receipt.
    public static final int MAX_PLACES = 1_024;

    /// The maximum number of envelopes of one receipt: half a megabyte of ids. One place always fits.
    public static final int MAX_ENVELOPES = 16_384;

    private static final int VERSION = 2;
    private static final String WHAT = "a receipt";

    public Receipt {
        received = Instant.ofEpochMilli(received.toEpochMilli());
        var copy = new TreeMap<Place, Map<MemberName, EnvelopeId>>();
        places.forEach((place, held) -> copy.put(place, Collections.unmodifiableMap(new TreeMap<>(held))));
        places = Collections.unmodifiableSortedMap(copy);
        if (client.role() != Role.CLIENT) {
            throw new IllegalArgumentException("The sender of a receipt must be a client.");
        }
        if (places.isEmpty() || places.values().iterator().next().isEmpty()) {
            throw new IllegalArgumentException("A receipt must name at least one envelope.");
        }
        var senders = places.values().iterator().next().keySet();
        if (places.values().stream().anyMatch(held -> !held.keySet().equals(senders))) {
            throw new IllegalArgumentException("All places of a receipt must have the same senders.");
        }
        if (places.size() > MAX_PLACES || places.size() * senders.size() > MAX_ENVELOPES) {
            throw new IllegalArgumentException("A receipt must have at most " + MAX_PLACES + " places.");
        }
    }

    /// @return a receipt for one place
    public static Receipt of(
            DeliveryId delivery,
            Place place,
            MemberName client,
            KeyId signer,
            Instant received,
            Map<MemberName, EnvelopeId> envelopes) {
        return new Receipt(delivery, client, signer, received, new TreeMap<>(Map.of(place, envelopes)));
    }

    private List<MemberName> senders() {
        return List.copyOf(envelopesAt(places.firstKey()).keySet());
    }

    /// @return the envelopes at this place, by sender; empty if the receipt does not cover it
    public Map<MemberName, EnvelopeId> envelopesAt(Place place) {
        return places.getOrDefault(place, Map.of());
    }

    /// @return the key of its delivery, with the senders as parties
    /// @throws IllegalArgumentException when the senders are no valid set of parties
    public DeliveryKey key() {
        return new DeliveryKey(delivery, new PartySet(senders()));
    }

    /// @return the deterministic encoding, which is signed
    public Bytes encode() {
        var senders = senders();
        return CborWriter.encode(out -> {
            out.map(8);
            out.key(1).integer(VERSION);
            out.key(2).bytes(delivery.run().toBytes());
            out.key(3).integer(delivery.sequence());
            out.key(4).text(client.toString());
            out.key(5).bytes(signer.digest());
            out.key(6).integer(received.toEpochMilli());
            out.key(7).array(senders.size());
            senders.forEach(sender -> out.text(sender.toString()));
            out.endArray();
            out.key(8).array(places.size());
            places.forEach((place, held) -> out.array(3)
                    .integer(place.kind().code())
                    .integer(place.index())
                    .bytes(concatenated(held.values()))
                    .endArray());
            out.endArray().endMap();
        });
    }

    private static Bytes concatenated(Iterable<EnvelopeId> ids) {
        var all = new BytesOutput(Sha256.SIZE);
        ids.forEach(id -> all.writeBytes(id.digest().toArray()));
        return all.written();
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
        var client = MemberName.parse(in.key(4).text());
        var signer = new KeyId(in.key(5).bytes());
        var received = Instant.ofEpochMilli(in.key(6).integer());
        var senders = in.key(7).list(DeliveryFacts.MAX_PARTIES, item -> MemberName.parse(item.text()));
        var places = new TreeMap<Place, Map<MemberName, EnvelopeId>>();
        for (var entry : in.key(8).list(MAX_PLACES, item -> readPlace(item, senders))) {
            places.put(entry.getKey(), entry.getValue());
        }
        in.endMap();
        return new Receipt(delivery, client, signer, received, places);
    }

    private static Map.Entry<Place, Map<MemberName, EnvelopeId>> readPlace(CborReader in, List<MemberName> senders)
            throws MalformedException {
        in.array();
        var place = new Place(Kind.ofCode(in.integer()), in.size());
        var ids = in.bytes().toArray();
        in.endArray();
        var held = new TreeMap<MemberName, EnvelopeId>();
        for (int i = 0; i < senders.size(); i++) {
            // A truncated id is out of range.
            held.put(senders.get(i), new EnvelopeId(slice(ids, i)));
        }
        return Map.entry(place, held);
    }

    private static Bytes slice(byte[] ids, int position) {
        int from = position * Sha256.SIZE;
        if (ids.length < from + Sha256.SIZE) {
            throw new IllegalArgumentException("An envelope id is missing.");
        }
        return Bytes.ofRange(ids, from, from + Sha256.SIZE);
    }
}
