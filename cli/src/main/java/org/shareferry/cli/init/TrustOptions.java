// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.Protocol;
import picocli.CommandLine.Option;

/// The options for the clients' trust, with the names of their settings.
public final class TrustOptions {
    private static final String HONEST_MAJORITY = "--honest-majority-protocols";
    private static final int MOST = 255;

    @Option(
            names = HONEST_MAJORITY,
            paramLabel = "NAME",
            split = ",",
            description = "Protocols for which clients trust that most parties are honest; without them their results"
                    + " are never VERIFIED.")
    private Set<String> honestMajority = Set.of();

    @Option(
            names = "--min-threshold",
            paramLabel = "N",
            description = "How many corrupt parties a protocol must bear for VERIFIED; otherwise 1.")
    private Optional<Integer> minThreshold = Optional.empty();

    /// @param otherwise where an option is absent
    /// @throws CommandException when an option names what there is not
    public Plan.Trust trust(Plan.Trust otherwise) throws CommandException {
        int most = minThreshold.orElse(otherwise.minThreshold());
        if (most < 1 || most > MOST) {
            throw new CommandException("--min-threshold is 1 to " + MOST + ", not " + most + ".");
        }
        require(HONEST_MAJORITY, honestMajority);
        return new Plan.Trust(honestMajority.isEmpty() ? otherwise.honestMajority() : honestMajority, most);
    }

    /// @param where the source of the names, for messages
    /// @throws CommandException when a protocol is not secure with an honest majority
    public static void require(String where, Set<String> names) throws CommandException {
        var unfit = new TreeSet<>(names);
        unfit.removeAll(Protocol.secureWithHonestMajority());
        if (!unfit.isEmpty()) {
            throw new CommandException(where + " takes protocols that are secure while a minority of the parties"
                    + " cheats, " + new TreeSet<>(Protocol.secureWithHonestMajority()) + ", not " + unfit + ".");
        }
    }
}
