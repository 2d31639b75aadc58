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

/// What all envelopes of a delivery say alike, whoever sent them and wherever they stand in it. A client and
/// a relay compare these between all envelopes; one that differs makes the delivery refused.
///
/// @param id which delivery
/// @param shape how many values, in chunks of how many
/// @param domain where the shares live
/// @param scheme what accompanies the values
/// @param precision f: a value is an integer / 2^f; 0 … 255
/// @param label a number of the application's
/// @param recipient the client
/// @param parties every party whose share belongs to the sum, ascending; at least two
/// @param protocol the MPC protocol's name as MP-SPDZ calls it, such as `spdz2k`
/// @param macsChecked whether all of the protocol's own checks had run before the shares left the VM; false where the
///     protocol has none
/// @param rerandomised whether the party-service re-randomised the shares with pairwise keys
/// @param threshold t: how many corrupt parties the protocol bears, as the VM says; 0 … N-1
/// @param bits of an input: an honest client gives no integer outside of -2^(bits-1) … 2^(bits-1)-1; 1 … 256 in scheme
///     input, else 0
/// @param program the digest that the parties' operators configured for the program, 32 bytes; empty where none is
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
    /// The most bits of an input: those of the largest domain.
    public static final int MAX_BITS = 256;

    /// The most parties one delivery can have: a party's number is one byte in hashes.
    public static final int MAX_PARTIES = PartySet.MAX_SIZE;

    /// The most bytes that the shares of all parties for one chunk may have: they travel to the client in one
    /// request, which is one unit of memory there.
    public static final long MAX_BUNDLED_SHARES = 15L << 20;

    private static final Pattern PROTOCOL = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public DeliveryFacts {
        parties = new PartySet(parties).members();
        if (precision < 0 || precision > 255) {
            throw new IllegalArgumentException("A precision is 0 to 255.");
        }
        if (recipient.role() != Role.CLIENT) {
            throw new IllegalArgumentException("A recipient is a client, such as C0.");
        }
        if (!PROTOCOL.matcher(protocol).matches()) {
            throw new IllegalArgumentException("A protocol's name has 1 to 40 lower-case letters, digits and hyphens.");
        }
        if (bundledShares(shape, domain, scheme, parties.size()) > MAX_BUNDLED_SHARES) {
            throw new IllegalArgumentException("The parties' shares of one chunk are at most " + MAX_BUNDLED_SHARES
                    + " bytes together; take fewer values per chunk.");
        }
        if (macsChecked
                && Protocol.named(protocol)
                        .filter(known -> !known.hasOwnChecks())
                        .isPresent()) {
            // Whoever says that they ran is mistaken, and C0 must not believe it.
            throw new IllegalArgumentException(protocol + " has no checks of its own that could have run.");
        }
        if (threshold < 0 || threshold >= parties.size()) {
            throw new IllegalArgumentException("Of N parties, 0 to N-1 may be corrupt.");
        }
        if (scheme == Scheme.INPUT ? bits < 1 || bits > MAX_BITS : bits != 0) {
            throw new IllegalArgumentException(
                    "The bits are 1 to " + MAX_BITS + " in scheme input, and 0 in any other.");
        }
        if (program.size() != 0 && program.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A program's digest has " + Sha256.SIZE + " bytes, or is empty.");
        }
    }

    /// @return bytes of the shares that `parties` parties have of the largest chunk, with what follows its values
    public static long bundledShares(Shape shape, Domain domain, Scheme scheme, int parties) {
        return (long) shape.mostElementsInChunk(scheme)
                * scheme.elementDomain(domain).elementBytes()
                * parties;
    }

    /// @return bytes of a closing envelope's body, in committed and input
    public int closingSize() {
        return ClosingSize.of(parties.size(), scheme.elementDomain(domain).elementBytes());
    }

    /// @return the parties as one value
    public PartySet partySet() {
        return new PartySet(parties);
    }

    /// @return what names the delivery among all that members send
    public DeliveryKey key() {
        return new DeliveryKey(id, partySet());
    }

    /// @return the names of the fields in which the two differ, in the order of this record; empty when they
    ///     agree
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
