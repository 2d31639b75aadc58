// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;

/// A digest of 160 bits over a set of invites, which people compare by telephone: ten groups of five decimal digits,
/// each for 16 bits. Spoken digits are less ambiguous than the letters of a hex digest.
final class ComparedDigest {
    private static final int BYTES = 20;
    private static final int GROUPS_IN_A_LINE = 5;

    private ComparedDigest() {}

    /// @param invites in any order, one of each member
    static Bytes of(Collection<Invite> invites) {
        var parts = invites.stream()
                .sorted(Comparator.comparing(Invite::name))
                .map(invite -> Sha256.ofFramed("shareferry joined member v1", invite.content()))
                .toList();
        return Sha256.ofFramed("shareferry joined members v1", parts).range(0, BYTES);
    }

    /// @return two lines of five groups
    static List<String> lines(Bytes digest) {
        var groups = new ArrayList<String>();
        for (int i = 0; i < digest.size(); i += 2) {
            groups.add(String.format(Locale.ROOT, "%05d", digest.at(i) << 8 | digest.at(i + 1)));
        }
        return List.of(
                String.join(" ", groups.subList(0, GROUPS_IN_A_LINE)),
                String.join(" ", groups.subList(GROUPS_IN_A_LINE, groups.size())));
    }
}
