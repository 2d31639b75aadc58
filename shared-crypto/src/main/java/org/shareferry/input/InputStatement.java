// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.input;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.crypto.SigningContext;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.DomainCoding;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// A client's answer to one request: the repeated request, whether the client gives its inputs, and the digest of m
/// = x + r. Parties compare digests of this statement before they use m. The statement is public; r masks x in m.
///
/// @param request the request's delivery id
/// @param client that answers
/// @param parties that asked
/// @param domain of the inputs' shares
/// @param shape the number of values, and of values per chunk
/// @param precision f: an input is an integer / 2^f; 0 … 255
/// @param label a number chosen by the application
/// @param bits 1 … 256; an honest client gives only integers from -2^(bits-1) to 2^(bits-1)-1
/// @param closing SHA-256 of the encoding of the request's closing words; for a refusal, of no bytes
/// @param answer whether inputs are given
/// @param masked SHA-256 of m, all chunks in order; for a refusal, of no bytes
/// @param signer the identity key of the client that signs this
/// @param created the request's time: the earliest creation time of its envelopes, to the millisecond
public record InputStatement(
        DeliveryId request,
        MemberName client,
        PartySet parties,
        Domain domain,
        Shape shape,
        int precision,
        long label,
        int bits,
        Bytes closing,
        Answer answer,
        Bytes masked,
        KeyId signer,
        Instant created) {
    /// SHA-256 of no bytes, used for the digests of a refusal.
    public static final Bytes NOTHING = Sha256.begin().digest();

    private static final int VERSION = 1;
    private static final int FIELDS = 16;
    private static final String WHAT = "an input statement";

    /// Whether a client gives its inputs.
    public enum Answer {
        GIVEN,
        REFUSED
    }

    public InputStatement {
        created = Instant.ofEpochMilli(created.toEpochMilli());
        if (client.role() != Role.CLIENT) {
            throw new IllegalArgumentException("The sender of an input statement must be a client.");
        }
        if (precision < 0 || precision > 255) {
            throw new IllegalArgumentException("The precision must be 0 to 255.");
        }
        if (bits < 1 || bits > 256) {
            throw new IllegalArgumentException("The bits of an input must be 1 to 256.");
        }
        if (closing.size() != Sha256.SIZE || masked.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A digest must have " + Sha256.SIZE + " bytes.");
        }
        if (answer == Answer.REFUSED && !(closing.equals(NOTHING) && masked.equals(NOTHING))) {
            throw new IllegalArgumentException("A refusal must have neither closing words nor masked inputs.");
        }
        if (created.isBefore(Instant.EPOCH)) {
            throw new IllegalArgumentException("A request's time must not be before 1970.");
        }
    }

    /// @return the key of the request
    public DeliveryKey key() {
        return new DeliveryKey(request, parties);
    }

    /// @param facts of a request
    /// @return whether it is for this request: same run, sequence, client and parties
    public boolean isFor(DeliveryFacts facts) {
        return request.equals(facts.id())
                && client.equals(facts.recipient())
                && parties.equals(facts.key().parties());
    }

    /// @param facts of the request that it answers
    /// @return the names of fields 6 to 11 that differ from the request; empty if it repeats all
    public List<String> differences(DeliveryFacts facts) {
        var differences = new ArrayList<String>();
        note(differences, "domain", domain.equals(facts.domain()));
        note(differences, "count", shape.count() == facts.shape().count());
        note(
                differences,
                "values per chunk",
                shape.valuesPerChunk() == facts.shape().valuesPerChunk());
        note(differences, "precision", precision == facts.precision());
        note(differences, "label", label == facts.label());
        note(differences, "bits", bits == facts.bits());
        return differences;
    }

    private static void note(List<String> differences, String what, boolean same) {
        if (!same) {
            differences.add(what);
        }
    }

    /// @return the size of m in bytes
    public long maskedSize() {
        return Math.multiplyExact(
                shape.count(), Scheme.INPUT.elementDomain(domain).elementBytes());
    }

    /// @return A = SHA-256 of the signed bytes, which the parties compare: 32 bytes
    public Bytes digest() {
        return Sha256.of(SigningContext.INPUT.message(List.of(encode())));
    }

    /// @return the deterministic encoding, which is signed
    public Bytes encode() {
        return CborWriter.encode(out -> {
            out.map(FIELDS);
            out.key(1).integer(VERSION);
            out.key(2).bytes(request.run().toBytes());
            out.key(3).integer(request.sequence());
            out.key(4).text(client.toString());
            out.key(5).array(parties.members().size());
            parties.members().forEach(party -> out.text(party.toString()));
            out.endArray();
            DomainCoding.write(out.key(6), domain);
            out.key(7).integer(shape.count());
            out.key(8).integer(shape.valuesPerChunk());
            out.key(9).integer(precision);
            out.key(10).integer(label);
            out.key(11).integer(bits);
            out.key(12).bytes(closing);
            out.key(13).integer(answer.ordinal());
            out.key(14).bytes(masked);
            out.key(15).bytes(signer.digest());
            out.key(16).integer(created.toEpochMilli());
            out.endMap();
        });
    }

    /// @throws MalformedException when the bytes are not the deterministic encoding of a valid statement
    public static InputStatement decode(Bytes bytes) throws MalformedException {
        return CborReader.decode(WHAT, bytes, InputStatement::read, InputStatement::encode);
    }

    private static InputStatement read(CborReader in) throws MalformedException {
        in.map();
        if (in.key(1).integer() != VERSION) {
            throw new MalformedException("The version of " + WHAT + " is not " + VERSION + ".");
        }
        var run = RunId.fromBytes(in.key(2).bytes());
        var request = new DeliveryId(run, in.key(3).integer());
        var client = MemberName.parse(in.key(4).text());
        var parties = new PartySet(in.key(5).list(PartySet.MAX_SIZE, item -> MemberName.parse(item.text())));
        var domain = DomainCoding.read(WHAT, in.key(6));
        long count = in.key(7).integer();
        var shape = new Shape(count, in.key(8).size());
        int precision = in.key(9).size();
        long label = in.key(10).integer();
        int bits = in.key(11).size();
        var closing = in.key(12).bytes();
        var answer = switch (in.key(13).size()) {
            case 0 -> Answer.GIVEN;
            case 1 -> Answer.REFUSED;
            default -> throw new MalformedException("Field 13 of " + WHAT + " is neither 0 nor 1.");
        };
        var masked = in.key(14).bytes();
        var signer = new KeyId(in.key(15).bytes());
        var created = Instant.ofEpochMilli(in.key(16).integer());
        in.endMap();
        return new InputStatement(
                request, client, parties, domain, shape, precision, label, bits, closing, answer, masked, signer,
                created);
    }
}
