// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// MP-SPDZ's protocols that compute over integers, by the names of their programs (`Machines/NAME-party.cpp`): with
/// the domains of each, the number of corrupt parties that it tolerates, the size of a share, and its security.
/// Share sizes and thresholds were measured with running VMs (commit 3a0a7b1d).
public enum Protocol {
    SPDZ2K("spdz2k", Group.RING_WITH_SPARE_BITS, Corrupt.ALL_BUT_ONE, 2, Security.ACTIVE_DISHONEST_MAJORITY),
    MASCOT("mascot", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 2, Security.ACTIVE_DISHONEST_MAJORITY),
    /// One MAC in fields of two words, the smallest that can be delivered (`mama-party.cpp`).
    MAMA("mama", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 2, Security.ACTIVE_DISHONEST_MAJORITY),
    LOWGEAR("lowgear", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 2, Security.ACTIVE_DISHONEST_MAJORITY),
    HIGHGEAR("highgear", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 2, Security.ACTIVE_DISHONEST_MAJORITY),

    PS_REP_RING("ps-rep-ring", Group.RING_WITHOUT_SPARE_BITS, Corrupt.ONE_OF_THREE, 2, Security.ACTIVE_HONEST_MAJORITY),
    MALICIOUS_REP_RING(
            "malicious-rep-ring",
            Group.RING_WITHOUT_SPARE_BITS,
            Corrupt.ONE_OF_THREE,
            2,
            Security.ACTIVE_HONEST_MAJORITY),
    REP4_RING("rep4-ring", Group.RING_WITHOUT_SPARE_BITS, Corrupt.ONE_OF_FOUR, 3, Security.ACTIVE_HONEST_MAJORITY),
    MALICIOUS_SHAMIR("malicious-shamir", Group.PRIME_FIELD, Corrupt.BELOW_HALF, 1, Security.ACTIVE_HONEST_MAJORITY),
    PS_REP_FIELD("ps-rep-field", Group.PRIME_FIELD, Corrupt.ONE_OF_THREE, 2, Security.ACTIVE_HONEST_MAJORITY),
    MALICIOUS_REP_FIELD(
            "malicious-rep-field", Group.PRIME_FIELD, Corrupt.ONE_OF_THREE, 2, Security.ACTIVE_HONEST_MAJORITY),

    COWGEAR("cowgear", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 2, Security.CHECKED),
    CHAIGEAR("chaigear", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 2, Security.CHECKED),
    SEMI("semi", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 1, Security.OTHER),
    HEMI("hemi", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 1, Security.OTHER),
    TEMI("temi", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 1, Security.OTHER),
    SOHO("soho", Group.PRIME_FIELD, Corrupt.ALL_BUT_ONE, 1, Security.OTHER),
    SHAMIR("shamir", Group.PRIME_FIELD, Corrupt.BELOW_HALF, 1, Security.OTHER),
    ATLAS("atlas", Group.PRIME_FIELD, Corrupt.BELOW_HALF, 1, Security.OTHER),
    SY_SHAMIR("sy-shamir", Group.PRIME_FIELD, Corrupt.BELOW_HALF, 2, Security.CHECKED),
    REPLICATED_FIELD("replicated-field", Group.PRIME_FIELD, Corrupt.ONE_OF_THREE, 2, Security.OTHER),
    SY_REP_FIELD("sy-rep-field", Group.PRIME_FIELD, Corrupt.ONE_OF_THREE, 4, Security.CHECKED),

    SEMI2K("semi2k", Group.RING_WITHOUT_SPARE_BITS, Corrupt.ALL_BUT_ONE, 1, Security.OTHER),
    REPLICATED_RING("replicated-ring", Group.RING_WITHOUT_SPARE_BITS, Corrupt.ONE_OF_THREE, 2, Security.OTHER),
    /// At commit 3a0a7b1d its zero check does not use its mask bits: one party could make a wrong product pass.
    SY_REP_RING("sy-rep-ring", Group.RING_WITH_SPARE_BITS, Corrupt.ONE_OF_THREE, 4, Security.CHECKED),
    DEALER_RING("dealer-ring", Group.RING, Corrupt.NOT_STUDIED, 0, Security.OTHER),
    BRAIN("brain", Group.RING, Corrupt.NOT_STUDIED, 0, Security.OTHER),
    ASTRA("astra", Group.RING, Corrupt.NOT_STUDIED, 0, Security.OTHER),
    TRIO("trio", Group.RING, Corrupt.NOT_STUDIED, 0, Security.OTHER);

    /// The minimum number of spare bits for a meaningful check in a ring: the error probability of a MAC check is
    /// (s+1)·2^-s.
    public static final int MIN_SPARE_BITS = 40;

    private final String text;
    private final Group group;
    private final Corrupt corrupt;
    private final int elementsInShare;
    private final Security security;

    Protocol(String text, Group group, Corrupt corrupt, int elementsInShare, Security security) {
        this.text = text;
        this.group = group;
        this.corrupt = corrupt;
        this.elementsInShare = elementsInShare;
        this.security = security;
    }

    private enum Group {
        RING("rings"),
        RING_WITH_SPARE_BITS("rings with at least " + MIN_SPARE_BITS + " spare bits"),
        RING_WITHOUT_SPARE_BITS("rings without spare bits"),
        PRIME_FIELD("prime fields");

        private final String words;

        Group(String words) {
            this.words = words;
        }

        boolean has(Domain domain) {
            return switch (domain) {
                case Domain.PrimeField field -> this == PRIME_FIELD;
                case Domain.Ring ring ->
                    switch (this) {
                        case RING -> true;
                        case RING_WITH_SPARE_BITS -> ring.spareBits() >= MIN_SPARE_BITS;
                        case RING_WITHOUT_SPARE_BITS -> ring.spareBits() == 0;
                        case PRIME_FIELD -> false;
                    };
            };
        }
    }

    private enum Security {
        ACTIVE_DISHONEST_MAJORITY,
        ACTIVE_HONEST_MAJORITY,
        /// It has checks, but they are broken or were not examined.
        CHECKED,
        /// Passive, or not examined.
        OTHER
    }

    /// The number of corrupt parties that the protocol tolerates, as returned by a VM's `get_threshold()`.
    private enum Corrupt {
        ALL_BUT_ONE("all parties but one"),
        ONE_OF_THREE("1 of 3 parties"),
        ONE_OF_FOUR("1 of 4 parties"),
        BELOW_HALF("fewer than half of the parties"),
        NOT_STUDIED("an unknown number");

        private final String words;

        Corrupt(String words) {
            this.words = words;
        }

        boolean is(int parties, long corrupt) {
            return switch (this) {
                case ALL_BUT_ONE -> corrupt == parties - 1;
                case ONE_OF_THREE -> parties == 3 && corrupt == 1;
                case ONE_OF_FOUR -> parties == 4 && corrupt == 1;
                case BELOW_HALF -> corrupt >= 1 && 2 * corrupt < parties;
                case NOT_STUDIED -> corrupt >= 0 && corrupt < parties;
            };
        }
    }

    /// @return its MP-SPDZ name
    public String text() {
        return text;
    }

    /// @return the protocol with this name, if it is in this table
    public static Optional<Protocol> named(String name) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.text.equals(name))
                .findFirst();
    }

    /// @return the most common protocol for this domain: SPDZ2k in rings with spare bits, Semi2k in rings without,
    ///     MASCOT in prime fields
    public static Protocol usualIn(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring -> ring.spareBits() > 0 ? SPDZ2K : SEMI2K;
            case Domain.PrimeField field -> MASCOT;
        };
    }

    /// @return all names, for messages
    public static String names() {
        return Arrays.stream(values()).map(Protocol::text).collect(Collectors.joining(", "));
    }

    /// @return all names
    public static Set<String> all() {
        return Arrays.stream(values()).map(Protocol::text).collect(Collectors.toUnmodifiableSet());
    }

    /// @return the names of the protocols that are secure if all parties but one cheat
    public static Set<String> activelySecure() {
        return Arrays.stream(values())
                .filter(Protocol::isActivelySecure)
                .map(Protocol::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @return whether it is secure even if all parties but one cheat actively
    public boolean isActivelySecure() {
        return security == Security.ACTIVE_DISHONEST_MAJORITY;
    }

    /// @return whether it is secure against an actively cheating minority
    public boolean isSecureWithHonestMajority() {
        return security == Security.ACTIVE_HONEST_MAJORITY;
    }

    /// @return whether it has checks of its own, unlike passive protocols
    public boolean hasOwnChecks() {
        return security != Security.OTHER;
    }

    /// @return the names of the protocols that are secure against active cheating of a minority
    public static Set<String> secureWithHonestMajority() {
        return Arrays.stream(values())
                .filter(Protocol::isSecureWithHonestMajority)
                .map(Protocol::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The size of a whole share (`write_fully_to_socket`), in multiples of the share alone
    /// (`write_shares_to_socket`). The difference is due to MACs and further parts of replicated shares.
    ///
    /// @return r; empty if unknown
    public OptionalInt elementsInShare() {
        return elementsInShare == 0 ? OptionalInt.empty() : OptionalInt.of(elementsInShare);
    }

    /// @param parties N
    /// @param threshold t, from the VM's `get_threshold()`
    /// @return what is wrong with these numbers, for people; empty if nothing is
    public Optional<String> contradiction(int parties, long threshold) {
        return corrupt.is(parties, threshold)
                ? Optional.empty()
                : Optional.of(text + " tolerates " + corrupt.words + " as corrupt, not " + threshold + " of " + parties
                        + ".");
    }

    /// @param parties N
    /// @return t, the maximum number of corrupt parties, or a VM's default if it can be chosen; empty if the
    ///     protocol does not support this number of parties or was not examined
    public OptionalInt threshold(int parties) {
        int most = corrupt == Corrupt.ALL_BUT_ONE ? parties - 1 : corrupt == Corrupt.BELOW_HALF ? (parties - 1) / 2 : 1;
        return corrupt != Corrupt.NOT_STUDIED && corrupt.is(parties, most) ? OptionalInt.of(most) : OptionalInt.empty();
    }

    /// @return whether it can compute in this domain
    public boolean computesIn(Domain domain) {
        return group.has(domain);
    }

    /// @param name of a protocol, of this table or not
    /// @return how the two contradict each other, for people; empty if they do not, or the name is unknown
    public static Optional<String> contradiction(String name, Domain domain) {
        return named(name)
                .filter(protocol -> !protocol.computesIn(domain))
                .map(protocol -> name + " computes in " + protocol.group.words + ", not in " + domain + ".");
    }
}
