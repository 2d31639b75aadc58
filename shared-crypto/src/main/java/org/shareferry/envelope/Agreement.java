// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.member.MemberName;

/// Whether headers agree about their delivery. Relay and client compare all envelopes with each other. Otherwise an
/// envelope that lists only cheating parties as the full set would be a forged delivery.
public sealed interface Agreement {
    /// All envelopes of the bundle agree, and each party of the set they name has exactly one.
    record Agreed() implements Agreement {}

    /// Some headers differ from the first.
    ///
    /// @param members the senders whose headers differ, and the sender of the first
    /// @param fields the header fields that differ, by their names in [DeliveryFacts], or `place`
    record Differs(Set<MemberName> members, Set<String> fields) implements Agreement {}

    /// The senders are not exactly the parties that the headers name.
    ///
    /// @param missing parties without an envelope
    /// @param surplus senders with more than one
    record Incomplete(Set<MemberName> missing, Set<MemberName> surplus) implements Agreement {}

    /// @param headers of one bundle, at least one
    static Agreement ofBundle(List<Header> headers) {
        var first = headers.getFirst();
        var members = new TreeSet<MemberName>();
        var fields = new LinkedHashSet<String>();
        for (var header : headers) {
            var differing = differences(first, header);
            if (!differing.isEmpty()) {
                members.add(header.sender());
                members.add(first.sender());
                fields.addAll(differing);
            }
        }
        return fields.isEmpty() ? completeness(headers) : new Differs(Set.copyOf(members), Set.copyOf(fields));
    }

    private static Set<String> differences(Header one, Header other) {
        var fields = new LinkedHashSet<>(one.facts().differences(other.facts()));
        if (!one.place().equals(other.place())) {
            fields.add("place");
        }
        return fields;
    }

    private static Agreement completeness(List<Header> headers) {
        var missing = new TreeSet<>(headers.getFirst().facts().parties());
        var surplus = new TreeSet<MemberName>();
        for (var header : headers) {
            if (!missing.remove(header.sender())) {
                surplus.add(header.sender());
            }
        }
        return missing.isEmpty() && surplus.isEmpty() ? new Agreed() : new Incomplete(missing, surplus);
    }
}
