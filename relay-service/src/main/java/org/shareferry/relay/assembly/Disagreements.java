// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The facts in which envelopes of a delivery differ from its first envelope. All envelopes of a delivery must
/// agree in all facts; otherwise the client would refuse them, and the shares could not be added.
@Repository
class Disagreements {
    private static final String COMMA = ", ";

    private final JdbcClient jdbc;

    Disagreements(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param members whose envelopes differ, with the sender of the first envelope
    /// @param fields the facts that differ, as [org.shareferry.envelope.DeliveryFacts] names them
    record Disagreement(Set<MemberName> members, Set<String> fields) {
        Disagreement {
            members = new TreeSet<>(members);
            fields = new LinkedHashSet<>(fields);
        }

        String membersText() {
            return join(members);
        }

        String detail() {
            return "The envelopes of " + join(members) + " differ in " + join(fields) + ".";
        }

        /// @return the union of both
        Disagreement and(Collection<MemberName> otherMembers, Collection<String> otherFields) {
            var both = new Disagreement(members, fields);
            both.members.addAll(otherMembers);
            both.fields.addAll(otherFields);
            return both;
        }
    }

    private static String join(Collection<?> items) {
        return items.stream().map(Object::toString).collect(Collectors.joining(COMMA));
    }

    /// @return the known disagreement of the delivery; empty while all agree
    Optional<Disagreement> find(DeliveryKey delivery) {
        return jdbc.sql("""
                        -- Disagreements.find
                        SELECT differing_members, differing_fields FROM delivery
                        WHERE id = :id AND differing_members IS NOT NULL""")
                .param("id", delivery.toString())
                .query((row, number) -> new Disagreement(
                        split(row.getString(1)).stream().map(MemberName::parse).collect(Collectors.toSet()),
                        new LinkedHashSet<>(split(row.getString(2)))))
                .optional();
    }

    private static List<String> split(@Nullable String joined) {
        return joined == null || joined.isEmpty() ? List.of() : Arrays.asList(joined.split(COMMA));
    }

    void keep(DeliveryKey delivery, Disagreement disagreement) {
        jdbc.sql("""
                        -- Disagreements.keep
                        UPDATE delivery SET differing_members = :members, differing_fields = :fields WHERE id = :id""")
                .param("members", disagreement.membersText())
                .param("fields", join(disagreement.fields()))
                .param("id", delivery.toString())
                .update();
    }
}
