// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.util.Map;
import java.util.TreeMap;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// The keys that one party shares with each other party for one run: two fresh 128-bit keys per pair, one made by
/// each party. Derived keys depend on both, so neither party alone can choose them.
public final class PairwiseKeys implements AutoCloseable {
    /// Bytes of one key.
    public static final int KEY_SIZE = 16;

    private final MemberName own;
    private final Map<MemberName, SecretBytes> joint;

    private PairwiseKeys(MemberName own, Map<MemberName, SecretBytes> joint) {
        this.own = own;
        this.joint = joint;
    }

    /// The two keys of one pair.
    ///
    /// @param made made by this party for the other, [#KEY_SIZE] bytes
    /// @param received made by the other for this party, [#KEY_SIZE] bytes
    public record Pair(SecretBytes made, SecretBytes received) {
        public Pair {
            if (made.size() != KEY_SIZE || received.size() != KEY_SIZE) {
                throw new IllegalArgumentException("A pairwise key must have " + KEY_SIZE + " bytes.");
            }
        }
    }

    /// @param own the party that has the keys
    /// @param pairs for every other party of the delivery; copied, and closed by the caller
    public static PairwiseKeys of(MemberName own, Map<MemberName, Pair> pairs) {
        var joint = new TreeMap<MemberName, SecretBytes>();
        pairs.forEach((other, pair) -> {
            if (other.equals(own) || other.role() != Role.PARTY) {
                throw new IllegalArgumentException("Pairwise keys must be with other parties.");
            }
            joint.put(
                    other,
                    own.compareTo(other) < 0
                            ? SecretBytes.join(pair.made(), pair.received())
                            : SecretBytes.join(pair.received(), pair.made()));
        });
        return new PairwiseKeys(own, joint);
    }

    /// @return the party that has the keys
    public MemberName own() {
        return own;
    }

    /// @return for each other party the key made by the lower party followed by that of the higher one, 32 bytes
    Map<MemberName, SecretBytes> joint() {
        return joint;
    }

    /// @return whether there are keys for exactly these parties except this one
    public boolean fit(Iterable<MemberName> parties) {
        int others = 0;
        for (var party : parties) {
            if (!party.equals(own)) {
                others++;
                if (!joint.containsKey(party)) {
                    return false;
                }
            }
        }
        return others == joint.size();
    }

    @Override
    public void close() {
        joint.values().forEach(SecretBytes::close);
    }

    @Override
    public String toString() {
        return "pairwise keys of " + own + " with " + joint.keySet();
    }
}
