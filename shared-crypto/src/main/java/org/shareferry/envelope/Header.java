// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.time.Instant;
import java.util.List;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.DomainCoding;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;

/// The header of an envelope: readable by the relay, and bound into signature and ciphertext.
///
/// @param facts that all envelopes of the delivery share
/// @param place of this envelope in the delivery
/// @param sender the party whose share it contains
/// @param senderKey the identity key that signed it
/// @param recipientKey the sealing key that it is sealed to
/// @param created when it was sealed, to the millisecond
public record Header(
        DeliveryFacts facts, Place place, MemberName sender, KeyId senderKey, KeyId recipientKey, Instant created) {
    private static final int VERSION = 2;
    private static final String WHAT = "an envelope's header";
    private static final int FIELDS = 22;

    public Header {
        if (!facts.parties().contains(sender)) {
            throw new IllegalArgumentException("The sender is not one of the delivery's parties.");
        }
        if (place.index() >= facts.shape().placesOfKind(facts.scheme(), place.kind())) {
            throw new IllegalArgumentException("A delivery of this scheme and size does not have this place: " + place);
        }
        Protocol.contradiction(facts.protocol(), facts.domain()).ifPresent(why -> {
            throw new IllegalArgumentException("The protocol does not match the domain: " + why);
        });
        created = Instant.ofEpochMilli(created.toEpochMilli());
        if (created.isBefore(Instant.EPOCH)) {
            throw new IllegalArgumentException("The creation time must not be before 1970.");
        }
    }

    /// @return the number of elements in the body; 0 for closing, whose body has another format
    public int elements() {
        return switch (place.kind()) {
            case VALUES -> facts.shape().elementsInChunk(facts.scheme(), place.index());
            case CLOSING -> 0;
        };
    }

    /// @return the domain of the body's elements
    public Domain elementDomain() {
        return facts.scheme().elementDomain(facts.domain());
    }

    /// The exact size of this envelope's body before sealing.
    ///
    /// @return bytes
    public int bodySize() {
        if (place.kind() == Kind.CLOSING) {
            return facts.closingSize();
        }
        return elements() * elementDomain().elementBytes();
    }

    /// @return the one deterministic encoding
    public Bytes encode() {
        return CborWriter.encode(out -> {
            out.map(FIELDS);
            out.key(1).integer(VERSION);
            out.key(2).bytes(facts.id().run().toBytes());
            out.key(3).integer(facts.id().sequence());
            out.key(4).integer(place.kind().code());
            out.key(5).integer(place.index());
            out.key(6).integer(facts.shape().count());
            out.key(7).integer(facts.shape().valuesPerChunk());
            DomainCoding.write(out.key(8), facts.domain());
            out.key(9).integer(facts.scheme().code());
            out.key(10).integer(facts.precision());
            out.key(11).integer(facts.label());
            out.key(12).text(sender.toString());
            out.key(13).text(facts.recipient().toString());
            out.key(14).array(facts.parties().size());
            facts.parties().forEach(party -> out.text(party.toString()));
            out.endArray();
            out.key(15).text(facts.protocol());
            out.key(16).bool(facts.macsChecked());
            out.key(17)
                    .array(2)
                    .bytes(senderKey.digest())
                    .bytes(recipientKey.digest())
                    .endArray();
            out.key(18).integer(created.toEpochMilli());
            out.key(19).bool(facts.rerandomised());
            out.key(20).integer(facts.threshold());
            out.key(21).integer(facts.bits());
            out.key(22).bytes(facts.program());
            out.endMap();
        });
    }

    /// @throws MalformedException when the bytes are not the deterministic encoding of a valid header
    public static Header decode(Bytes bytes) throws MalformedException {
        return CborReader.decode(WHAT, bytes, Header::read, Header::encode);
    }

    private static Header read(CborReader in) throws MalformedException {
        in.map();
        if (in.key(1).integer() != VERSION) {
            throw new MalformedException("The version of " + WHAT + " is not " + VERSION + ".");
        }
        var run = RunId.fromBytes(in.key(2).bytes());
        var id = new DeliveryId(run, in.key(3).integer());
        var place = new Place(Kind.ofCode(in.key(4).integer()), in.key(5).size());
        var count = in.key(6).integer();
        var shape = new Shape(count, in.key(7).size());
        var domain = DomainCoding.read(WHAT, in.key(8));
        var scheme = Scheme.ofCode(in.key(9).integer());
        var precision = in.key(10).size();
        var label = in.key(11).integer();
        var sender = MemberName.parse(in.key(12).text());
        var recipient = MemberName.parse(in.key(13).text());
        var parties = in.key(14).list(DeliveryFacts.MAX_PARTIES, item -> MemberName.parse(item.text()));
        var protocol = in.key(15).text();
        var macsChecked = in.key(16).bool();
        List<KeyId> keys = in.key(17).list(2, item -> new KeyId(item.bytes()));
        if (keys.size() != 2) {
            throw new MalformedException("Field 17 of " + WHAT + " does not contain two key ids.");
        }
        var created = Instant.ofEpochMilli(in.key(18).integer());
        var rerandomised = in.key(19).bool();
        int threshold = in.key(20).size();
        int bits = in.key(21).size();
        var program = in.key(22).bytes();
        in.endMap();
        var facts = new DeliveryFacts(
                id,
                shape,
                domain,
                scheme,
                precision,
                label,
                recipient,
                parties,
                protocol,
                macsChecked,
                rerandomised,
                threshold,
                bits,
                program);
        return new Header(facts, place, sender, keys.get(0), keys.get(1), created);
    }
}
