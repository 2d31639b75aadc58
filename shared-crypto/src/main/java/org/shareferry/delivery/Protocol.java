// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// MP-SPDZ's protocols that compute over integers, by the names of their programs (`Machines/NAME-party.cpp`):
/// where each computes, and whether it is secure while all parties but one cheat.
public enum Protocol {
    SPDZ2K("spdz2k", Group.RING_WITH_SPARE_BITS, Security.ACTIVE_DISHONEST_MAJORITY),
    MASCOT("mascot", Group.PRIME_FIELD, Security.ACTIVE_DISHONEST_MAJORITY),
    MAMA("mama", Group.PRIME_FIELD, Security.ACTIVE_DISHONEST_MAJORITY),
    LOWGEAR("lowgear", Group.PRIME_FIELD, Security.ACTIVE_DISHONEST_MAJORITY),
    HIGHGEAR("highgear", Group.PRIME_FIELD, Security.ACTIVE_DISHONEST_MAJORITY),

    COWGEAR("cowgear", Group.PRIME_FIELD, Security.OTHER),
    CHAIGEAR("chaigear", Group.PRIME_FIELD, Security.OTHER),
    SEMI("semi", Group.PRIME_FIELD, Security.OTHER),
    HEMI("hemi", Group.PRIME_FIELD, Security.OTHER),
    TEMI("temi", Group.PRIME_FIELD, Security.OTHER),
    SOHO("soho", Group.PRIME_FIELD, Security.OTHER),
    SHAMIR("shamir", Group.PRIME_FIELD, Security.OTHER),
    ATLAS("atlas", Group.PRIME_FIELD, Security.OTHER),
    MALICIOUS_SHAMIR("malicious-shamir", Group.PRIME_FIELD, Security.OTHER),
    SY_SHAMIR("sy-shamir", Group.PRIME_FIELD, Security.OTHER),
    REPLICATED_FIELD("replicated-field", Group.PRIME_FIELD, Security.OTHER),
    PS_REP_FIELD("ps-rep-field", Group.PRIME_FIELD, Security.OTHER),
    MALICIOUS_REP_FIELD("malicious-rep-field", Group.PRIME_FIELD, Security.OTHER),
    SY_REP_FIELD("sy-rep-field", Group.PRIME_FIELD, Security.OTHER),

    SEMI2K("semi2k", Group.RING_WITHOUT_SPARE_BITS, Security.OTHER),
    REPLICATED_RING("replicated-ring", Group.RING_WITHOUT_SPARE_BITS, Security.OTHER),
    PS_REP_RING("ps-rep-ring", Group.RING_WITHOUT_SPARE_BITS, Security.OTHER),
    MALICIOUS_REP_RING("malicious-rep-ring", Group.RING_WITHOUT_SPARE_BITS, Security.OTHER),
    REP4_RING("rep4-ring", Group.RING_WITHOUT_SPARE_BITS, Security.OTHER),
    SY_REP_RING("sy-rep-ring", Group.RING_WITH_SPARE_BITS, Security.OTHER),
    DEALER_RING("dealer-ring", Group.RING, Security.OTHER),
    BRAIN("brain", Group.RING, Security.OTHER),
    ASTRA("astra", Group.RING, Security.OTHER),
    TRIO("trio", Group.RING, Security.OTHER);

    /// The fewest spare bits with which a check in a ring means something: a MAC check errs with
    /// probability (s+1)·2^-s.
    public static final int MIN_SPARE_BITS = 40;

    private final String text;
    private final Group group;
    private final Security security;

    Protocol(String text, Group group, Security security) {
        this.text = text;
        this.group = group;
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
        /// Passive, or for an honest majority, or not examined.
        OTHER
    }

    /// @return its name as MP-SPDZ calls it
    public String text() {
        return text;
    }

    /// @return the protocol of this name, if this table has it
    public static Optional<Protocol> named(String name) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.text.equals(name))
                .findFirst();
    }

    /// @return all names, for messages
    public static String names() {
        return Arrays.stream(values()).map(Protocol::text).collect(Collectors.joining(", "));
    }

    /// @return the names of the protocols that are secure while all parties but one cheat
    public static Set<String> activelySecure() {
        return Arrays.stream(values())
                .filter(Protocol::isActivelySecure)
                .map(Protocol::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @return whether it is secure although all parties but one cheat actively
    public boolean isActivelySecure() {
        return security == Security.ACTIVE_DISHONEST_MAJORITY;
    }

    /// @return whether it can compute in this domain
    public boolean computesIn(Domain domain) {
        return group.has(domain);
    }

    /// @param name of a protocol, of this table or not
    /// @return what is wrong with the two together, as a sentence; empty when nothing is, or the name is not
    ///     known here
    public static Optional<String> contradiction(String name, Domain domain) {
        return named(name)
                .filter(protocol -> !protocol.computesIn(domain))
                .map(protocol -> name + " computes in " + protocol.group.words + ", not in " + domain + ".");
    }
}
