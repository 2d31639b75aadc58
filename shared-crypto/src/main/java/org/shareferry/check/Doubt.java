// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Why values whose check did not fail are UNVERIFIED all the same.
public enum Doubt {
    /// The scheme additive carries nothing to check.
    NO_CHECK("the scheme additive carries nothing to check"),
    /// Fewer than 40 spare bits where the scheme and the protocol need some, or a prime of fewer than 64 bits.
    DOMAIN_TOO_SMALL(
            "the domain is too small: checks need 40 spare bits, or a prime of 64 bits; in a ring without spare"
                    + " bits only committed is checked, and only under a protocol with an honest majority"),
    /// A party said so, or the protocol has no checks, or the shares were handed over without saying otherwise.
    MACS_NOT_CHECKED("the parties do not say that the protocol's own checks ran before the shares left the VM"),
    /// Shares that were not re-randomised can tell the client more than their sum.
    NOT_RERANDOMISED("the shares were handed over without pairwise keys, so they were not re-randomised and may tell"
            + " more than the values"),
    /// The client's own policy does not list the protocol.
    PROTOCOL_NOT_LISTED("the protocol is not among those that this client takes for secure against active cheating"),
    /// The protocol is secure while a minority cheats, and the client does not list it.
    MAJORITY_NOT_TRUSTED("the protocol needs an honest majority of the parties, and this client is not configured to"
            + " trust one for it (shareferry.client.honest-majority-protocols)"),
    /// Either the name or the domain is wrong, so the name proves nothing.
    PROTOCOL_NOT_OF_DOMAIN("the protocol that all parties name does not compute in this domain"),
    /// Either the name or the numbers are wrong, so the name proves nothing.
    THRESHOLD_NOT_OF_PROTOCOL("the protocol that all parties name does not compute with so many parties, or does not"
            + " bear as many corrupt ones as they say"),
    /// The client calls for more.
    BEARS_TOO_FEW("the protocol bears fewer corrupt parties than this client calls for"
            + " (shareferry.client.min-threshold)");

    private final String text;

    Doubt(String text) {
        this.text = text;
    }

    /// @return the reason in words
    public String text() {
        return text;
    }

    /// @return the names with commas between them, as [#parse] reads them
    public static String join(Set<Doubt> doubts) {
        return doubts.stream().map(Doubt::name).collect(Collectors.joining(","));
    }

    /// @param joined what [#join] gives
    /// @throws IllegalArgumentException when a name is none of a doubt
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
