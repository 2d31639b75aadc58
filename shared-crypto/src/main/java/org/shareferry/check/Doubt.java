// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Why values are UNVERIFIED although their check did not fail.
public enum Doubt {
    /// The scheme additive has no check.
    NO_CHECK("the scheme additive has no check"),
    /// Fewer than 40 spare bits although scheme and protocol need them, or a prime with fewer than 64 bits.
    DOMAIN_TOO_SMALL(
            "the domain is too small: checks need 40 spare bits, or a prime of 64 bits; in a ring without spare"
                    + " bits only the scheme committed can be checked, and only with a protocol with an honest"
                    + " majority"),
    /// A party said so, or the protocol has no checks, or the hand-over did not say that they ran.
    MACS_NOT_CHECKED("the parties do not state that the protocol's own checks ran before the shares left the VM"),
    /// Shares that were not re-randomised can reveal more to the client than their sum.
    NOT_RERANDOMISED("the shares were handed over without pairwise keys, so they were not re-randomised and may"
            + " reveal more than the values"),
    /// The client's own policy does not list the protocol.
    PROTOCOL_NOT_LISTED("this client is not configured to trust the protocol against active cheating"
            + " (shareferry.client.actively-secure-protocols)"),
    /// The protocol is secure against a cheating minority, and the client does not list it.
    MAJORITY_NOT_TRUSTED("the protocol needs an honest majority of the parties, and this client is not configured to"
            + " trust one for it (shareferry.client.honest-majority-protocols)"),
    /// Either the name or the domain is wrong, so the name proves nothing.
    PROTOCOL_NOT_OF_DOMAIN("the protocol that all parties name does not compute in this domain"),
    /// Either the name or the numbers are wrong, so the name proves nothing.
    THRESHOLD_NOT_OF_PROTOCOL("the protocol that all parties name does not support this number of parties, or does"
            + " not tolerate as many corrupt ones as they state"),
    /// The client requires more.
    BEARS_TOO_FEW("the protocol tolerates fewer corrupt parties than this client requires"
            + " (shareferry.client.min-threshold)");

    private final String text;

    Doubt(String text) {
        this.text = text;
    }

    /// @return the reason, for people
    public String text() {
        return text;
    }

    /// @return the names separated by commas, for [#parse]
    public static String join(Set<Doubt> doubts) {
        return doubts.stream().map(Doubt::name).collect(Collectors.joining(","));
    }

    /// @param joined the result of [#join]
    /// @throws IllegalArgumentException when a name is unknown
    public static Set<Doubt> parse(String joined) {
        var doubts = EnumSet.noneOf(Doubt.class);
        if (!joined.isEmpty()) {
            for (var name : joined.split(",", -1)) {
                doubts.add(valueOf(name));
            }
        }
        return doubts;
    }
}
