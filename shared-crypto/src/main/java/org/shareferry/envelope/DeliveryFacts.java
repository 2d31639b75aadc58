// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// The facts about a delivery that all its envelopes must share, for all senders and places. Client and relay
/// compare them between all envelopes; a difference causes the refusal of the delivery.
/// @param id of the delivery
/// @param shape the number of values, and of values per chunk
/// @param domain of the shares
/// @param scheme of the delivery
/// @param precision f: a value is an integer / 2^f; 0 … 255
/// @param label a number chosen by the application
/// @param recipient the client
/// @param parties all parties whose shares add up to the values, ascending; at least two
/// @param protocol the MP-SPDZ name of the MPC protocol, such as `spdz2k`
/// @param macsChecked whether all of the protocol's own checks had run before the shares left the VM; false if the
///     protocol has none
/// @param rerandomised whether the party-service re-randomised the shares with pairwise keys
/// @param threshold t: the number of corrupt parties that the protocol tolerates, from the VM; 0 … N-1
/// @param bits of an input: an honest client gives only integers from -2^(bits-1) to 2^(bits-1)-1; 1 … 256 in scheme
///     input, otherwise 0
/// @param program the digest that the parties' operators configured for the program, 32 bytes; empty if none is
///     configured
public record DeliveryFacts(
        DeliveryId id,
        Shape shape,
        Domain domain,
        Scheme scheme,
        int precision,
        long label,
        MemberName recipient,
        List<MemberName> parties,
        String protocol,
        boolean macsChecked,
        boolean rerandomised,
        int threshold,
        int bits,
        Bytes program) {
    /// The maximum number of bits of an input: that of the largest domain.
    public static final int MAX_BITS = 256;

    /// The maximum number of parties: a party's number is one byte in hashes.
    public static final int MAX_PARTIES = PartySet.MAX_SIZE;

    /// The maximum number of bytes of all parties' shares for one chunk: they are sent to the client in one
    /// request, and are in its memory together.
    public static final long MAX_BUNDLED_SHARES = 15L << 20;

    private static final Pattern PROTOCOL = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public DeliveryFacts {
        parties = new PartySet(parties).members();
        if (precision < 0 || precision > 255) {
            throw new IllegalArgumentException("The precision must be 0 to 255.");
        }
        if (recipient.role() != Role.CLIENT) {
            throw new IllegalArgumentException("The recipient must be a client, such as C0.");
        }
        if (!PROTOCOL.matcher(protocol).matches()) {
            throw new IllegalArgumentException(
                    "A protocol's name must be 1 to 40 lower-case letters, digits and hyphens.");
        }
        if (bundledShares(shape, domain, scheme, parties.size()) > MAX_BUNDLED_SHARES) {
            throw new IllegalArgumentException("The parties' shares of one chunk must have at most "
                    + MAX_BUNDLED_SHARES + " bytes together; use fewer values per chunk.");
        }
        if (macsChecked
                && Protocol.named(protocol)
                        .filter(known -> !known.hasOwnChecks())
                        .isPresent()) {
            // A protocol without checks cannot have run them, so the statement must not count.
            throw new IllegalArgumentException(protocol + " has no checks of its own, so they cannot have run.");
        }
        if (threshold < 0 || threshold >= parties.size()) {
            throw new IllegalArgumentException("The threshold must be 0 to N-1.");
        }
        if (scheme == Scheme.INPUT ? bits < 1 || bits > MAX_BITS : bits != 0) {
            throw new IllegalArgumentException(
                    "The bits must be 1 to " + MAX_BITS + " in scheme input, and 0 in all others.");
        }
        if (program.size() != 0 && program.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A program's digest must have " + Sha256.SIZE + " bytes, or be empty.");
        }
    }

    /// @return the bytes of all shares of `parties` parties for the largest chunk, including the elements after its
    ///     values
    public static long bundledShares(Shape shape, Domain domain, Scheme scheme, int parties) {
        return (long) shape.mostElementsInChunk(scheme)
                * scheme.elementDomain(domain).elementBytes()
                * parties;
    }

    /// @return bytes of a closing envelope's body, in committed and input
    public int closingSize() {
        return ClosingSize.of(parties.size(), scheme.elementDomain(domain).elementBytes());
    }

    /// @return the parties as a set
    public PartySet partySet() {
        return new PartySet(parties);
    }

    /// @return the key of the delivery
    public DeliveryKey key() {
        return new DeliveryKey(id, partySet());
    }

    /// @return the names of the fields in which the two differ, in the order of this record; empty if they agree
    public List<String> differences(DeliveryFacts other) {
        var names = new ArrayList<String>();
        note(names, "delivery", id.equals(other.id));
        note(names, "count", shape.count() == other.shape.count());
        note(names, "valuesPerChunk", shape.valuesPerChunk() == other.shape.valuesPerChunk());
        note(names, "domain", domain.equals(other.domain));
        note(names, "scheme", scheme == other.scheme);
        note(names, "precision", precision == other.precision);
        note(names, "label", label == other.label);
        note(names, "recipient", recipient.equals(other.recipient));
        note(names, "parties", parties.equals(other.parties));
        note(names, "protocol", protocol.equals(other.protocol));
        note(names, "macsChecked", macsChecked == other.macsChecked);
        note(names, "rerandomised", rerandomised == other.rerandomised);
        note(names, "threshold", threshold == other.threshold);
        note(names, "bits", bits == other.bits);
        note(names, "program", program.equals(other.program));
        return List.copyOf(names);
    }

    private static void note(List<String> names, String name, boolean same) {
        if (!same) {
            names.add(name);
        }
    }
}
