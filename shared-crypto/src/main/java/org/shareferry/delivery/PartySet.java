// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// The parties whose shares add up to the values of a delivery, written `P0,P1`.
///
/// @param members P0 to P255, ascending; at least two
public record PartySet(List<MemberName> members) {
    /// The maximum number of parties: a party's number is one byte in hashes.
    public static final int MAX_SIZE = 256;

    private static final String BETWEEN = ",";

    public PartySet {
        members = List.copyOf(members);
        if (members.size() < 2 || members.size() > MAX_SIZE) {
            throw new IllegalArgumentException("A delivery must have 2 to " + MAX_SIZE + " parties.");
        }
        int last = -1;
        for (var party : members) {
            if (party.role() != Role.PARTY || party.number() <= last || party.number() >= MAX_SIZE) {
                throw new IllegalArgumentException("Parties must be P0 to P255, ascending, each named once.");
            }
            last = party.number();
        }
    }

    /// @param text from [#toString]
    /// @throws IllegalArgumentException for anything else
    public static PartySet parse(String text) {
        return new PartySet(
                Arrays.stream(text.split(BETWEEN, -1)).map(MemberName::parse).toList());
    }

    @Override
    public String toString() {
        return members.stream().map(MemberName::toString).collect(Collectors.joining(BETWEEN));
    }
}
