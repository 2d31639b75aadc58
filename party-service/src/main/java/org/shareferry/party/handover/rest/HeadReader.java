// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.json.JsonFault;
import org.shareferry.member.MemberName;
import org.shareferry.party.handover.rest.HandOverHead.PairKey;
import org.shareferry.share.PairwiseKeys;

/// Reads a hand-over up to its chunks.
final class HeadReader {
    private static final int MAX_MODULUS_DIGITS = 78;

    private final BodyReader in;
    private final List<PairKey> pairwiseKeys = new ArrayList<>();
    private @Nullable DeliveryId id;
    private @Nullable MemberName recipient;
    private @Nullable Domain domain;
    private @Nullable Scheme scheme;
    private @Nullable Long count;
    private @Nullable List<MemberName> parties;
    private long precision;
    private long label;
    private long valuesPerChunk = Shape.DEFAULT_VALUES_PER_CHUNK;
    private boolean macsChecked;
    private @Nullable Long threshold;
    private @Nullable Bytes program;

    private HeadReader(BodyReader in) {
        this.in = in;
    }

    /// Reads everything before the chunks, and enters their array.
    ///
    /// @return the head; the caller closes it
    static HandOverHead read(BodyReader in) throws InvalidHandOverException {
        return read(in, HeadReader::readUpToChunks);
    }

    /// Reads a head without chunks.
    ///
    /// @return the head; the caller closes it
    static HandOverHead readAlone(BodyReader in) throws InvalidHandOverException {
        return read(in, HeadReader::readToItsEnd);
    }

    private interface Reading {
        void of(HeadReader reader) throws InvalidHandOverException;
    }

    private static HandOverHead read(BodyReader in, Reading reading) throws InvalidHandOverException {
        var reader = new HeadReader(in);
        try {
            reading.of(reader);
            return reader.head();
        } catch (InvalidHandOverException e) {
            reader.pairwiseKeys.forEach(PairKey::close);
            throw e;
        }
    }

    private void readUpToChunks() throws InvalidHandOverException {
        if (!readProperties("chunks")) {
            throw InvalidHandOverException.malformed(
                    "The hand-over lacks \"chunks\", which must be its last property.");
        }
        in.array("\"chunks\"");
    }

    private void readToItsEnd() throws InvalidHandOverException {
        readProperties("");
    }

    /// @param last the property at which to stop
    /// @return whether it was found
    private boolean readProperties(String last) throws InvalidHandOverException {
        in.object("the hand-over");
        var seen = new HashSet<String>();
        for (var name = in.nextName(); name.isPresent(); name = in.nextName()) {
            if (!seen.add(name.get())) {
                throw InvalidHandOverException.malformed(
                        "The hand-over has the property \"" + JsonFault.printable(name.get()) + "\" twice.");
            }
            if (last.equals(name.get())) {
                return true;
            }
            property(name.get());
        }
        return false;
    }

    private void property(String name) throws InvalidHandOverException {
        switch (name) {
            case "id" ->
                id = parsed(name, "32 lower-case hex digits, a hyphen and a sequence number", DeliveryId::parse);
            case "recipient" -> recipient = parsed(name, "a client's name such as C0", MemberName::parse);
            case "scheme" ->
                scheme = parsed(name, "additive, triple, quintuple, batched, committed or input", Scheme::parse);
            case "domain" -> domain = domain();
            case "precision" -> precision = in.integer(name);
            case "label" -> label = in.integer(name);
            case "count" -> count = in.integer(name);
            case "valuesPerChunk" -> valuesPerChunk = in.integer(name);
            case "macsChecked" -> macsChecked = in.bool(name);
            case "threshold" -> threshold = in.integer(name);
            case "program" -> program = parsed(name, "a SHA-256 in 64 lower-case hex digits", HeadReader::digest);
            case "parties" -> parties = parties();
            case "pairwiseKeys" -> readPairwiseKeys();
            default -> throw BodyReader.unknown("A hand-over", name);
        }
    }

    private static Bytes digest(String hex) {
        var digest = Bytes.fromHex(hex);
        if (digest.size() != Sha256.SIZE || !digest.toHex().equals(hex)) {
            throw new IllegalArgumentException("A digest must be 64 lower-case hex digits.");
        }
        return digest;
    }

    private <T> T parsed(String name, String form, Function<String, T> parse) throws InvalidHandOverException {
        return parsed(name, form, in.text(name), parse);
    }

    private static <T> T parsed(String name, String form, String text, Function<String, T> parse)
            throws InvalidHandOverException {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw InvalidHandOverException.malformed("The property \"" + name + "\" must be " + form + ".");
        }
    }

    private Domain domain() throws InvalidHandOverException {
        in.object("\"domain\"");
        String type = "";
        String modulus = "";
        long shareBits = 0;
        long clearBits = 0;
        for (var name = in.nextName(); name.isPresent(); name = in.nextName()) {
            switch (name.get()) {
                case "type" -> type = in.text("type");
                case "shareBits" -> shareBits = in.integer("shareBits");
                case "clearBits" -> clearBits = in.integer("clearBits");
                case "modulus" -> modulus = in.text("modulus");
                default -> throw BodyReader.unknown("A domain", name.get());
            }
        }
        return switch (type) {
            case "ring" -> ring(shareBits, clearBits);
            case "prime" -> prime(modulus);
            default -> throw InvalidHandOverException.malformed("The type of a domain must be ring or prime.");
        };
    }

    private static Domain ring(long shareBits, long clearBits) throws InvalidHandOverException {
        try {
            return new Domain.Ring(Math.toIntExact(shareBits), Math.toIntExact(clearBits));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw InvalidHandOverException.unfit("shareBits must be 1 to 256, and clearBits 1 to shareBits.");
        }
    }

    private static Domain prime(String modulus) throws InvalidHandOverException {
        if (modulus.length() > MAX_MODULUS_DIGITS || !modulus.matches("[1-9][0-9]*")) {
            throw InvalidHandOverException.malformed(
                    "The modulus must be a string with a decimal number of at most 256 bits.");
        }
        try {
            return new Domain.PrimeField(new BigInteger(modulus));
        } catch (IllegalArgumentException e) {
            throw InvalidHandOverException.unfit("The modulus must be an odd prime of at most 256 bits.");
        }
    }

    private List<MemberName> parties() throws InvalidHandOverException {
        in.array("\"parties\"");
        var names = new ArrayList<MemberName>();
        while (in.nextText("The parties")) {
            names.add(parsed("parties", "names such as P0", in.currentText(), MemberName::parse));
            if (names.size() > DeliveryFacts.MAX_PARTIES) {
                throw InvalidHandOverException.malformed("More than " + DeliveryFacts.MAX_PARTIES + " parties.");
            }
        }
        return names.stream().sorted().toList();
    }

    private void readPairwiseKeys() throws InvalidHandOverException {
        in.array("\"pairwiseKeys\"");
        Set<MemberName> named = new HashSet<>();
        while (in.nextObject("The pairwise keys")) {
            var pair = pairKey();
            pairwiseKeys.add(pair);
            if (!named.add(pair.party()) || named.size() > DeliveryFacts.MAX_PARTIES) {
                throw InvalidHandOverException.unfit("There are two pairwise keys for the same party.");
            }
        }
    }

    private PairKey pairKey() throws InvalidHandOverException {
        MemberName party = null;
        SecretBytes made = null;
        SecretBytes received = null;
        for (var name = in.nextName(); name.isPresent(); name = in.nextName()) {
            switch (name.get()) {
                case "party" -> party = parsed("party", "a party's name such as P0", MemberName::parse);
                case "made" -> made = in.bytes("a pairwise key", PairwiseKeys.KEY_SIZE);
                case "received" -> received = in.bytes("a pairwise key", PairwiseKeys.KEY_SIZE);
                default -> throw BodyReader.unknown("A pairwise key", name.get());
            }
        }
        if (party == null || made == null || received == null) {
            throw InvalidHandOverException.malformed("A pairwise key needs party, made and received.");
        }
        return new PairKey(party, made, received);
    }

    private HandOverHead head() throws InvalidHandOverException {
        if (id == null || recipient == null || domain == null || scheme == null || count == null) {
            throw InvalidHandOverException.malformed(
                    "A hand-over needs id, recipient, domain, scheme and count before its chunks.");
        }
        if (precision < 0 || precision > 255) {
            throw InvalidHandOverException.unfit("The precision must be 0 to 255.");
        }
        return new HandOverHead(
                id,
                recipient,
                domain,
                scheme,
                (int) precision,
                label,
                shape(count, valuesPerChunk),
                macsChecked,
                Optional.ofNullable(threshold),
                Optional.ofNullable(program),
                Optional.ofNullable(parties),
                pairwiseKeys);
    }

    private static Shape shape(long count, long valuesPerChunk) throws InvalidHandOverException {
        try {
            return new Shape(count, Math.toIntExact(valuesPerChunk));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw InvalidHandOverException.unfit("A delivery must have 1 to 2^40 values, 1 to "
                    + Shape.MAX_VALUES_PER_CHUNK + " values per chunk, and fewer than 2^31 chunks.");
        }
    }
}
