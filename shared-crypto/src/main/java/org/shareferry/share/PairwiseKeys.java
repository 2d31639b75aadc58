// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.util.Map;
import java.util.TreeMap;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// What one party shares with every other for one run: two fresh 128-bit keys a pair, one made by each. Both
/// go into what is derived, so neither party alone chooses it.
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
    /// @param made made by us for the other, [#KEY_SIZE] bytes
    /// @param received made by the other for us, [#KEY_SIZE] bytes
    public record Pair(SecretBytes made, SecretBytes received) {
        public Pair {
            if (made.size() != KEY_SIZE || received.size() != KEY_SIZE) {
                throw new IllegalArgumentException("A pairwise key has " + KEY_SIZE + " bytes.");
            }
        }
    }

    /// @param own whose keys they are
    /// @param pairs for every other party of the delivery; copied, and the caller's to close
    public static PairwiseKeys of(MemberName own, Map<MemberName, Pair> pairs) {
        var joint = new TreeMap<MemberName, SecretBytes>();
        pairs.forEach((other, pair) -> {
            if (other.equals(own) || other.role() != Role.PARTY) {
                throw new IllegalArgumentException("Pairwise keys are shared with other parties.");
            }
            joint.put(
                    other,
                    own.compareTo(other) < 0
                            ? SecretBytes.join(pair.made(), pair.received())
                            : SecretBytes.join(pair.received(), pair.made()));
        });
        return new PairwiseKeys(own, joint);
    }

    /// @return whose keys they are
    public MemberName own() {
        return own;
    }

    /// @return for each other party the lower party's key and then the higher one's, 32 bytes
    Map<MemberName, SecretBytes> joint() {
        return joint;
    }

    /// @return whether there is a key for each of these parties but ourselves, and for no one else
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
