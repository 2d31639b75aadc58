// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Which results are meant: `ResultQuery.all().withLabel(1755).withParties("P0", "P1")`.
///
/// @param label only results with it
/// @param verdict only results with it
/// @param parties only results of exactly these; none for any. Each set of parties of a client can use any label
/// @param limit at most this many, 1 to 200
public record ResultQuery(OptionalLong label, Optional<Verdict> verdict, List<String> parties, int limit) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 200;

    public ResultQuery {
        parties = List.copyOf(parties);
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("A limit is 1 to " + MOST + ", not " + limit + ".");
        }
    }

    /// @return the newest 50 results
    public static ResultQuery all() {
        return new ResultQuery(OptionalLong.empty(), Optional.empty(), List.of(), DEFAULT_LIMIT);
    }

    /// @return only those with this label
    public ResultQuery withLabel(long wanted) {
        return new ResultQuery(OptionalLong.of(wanted), verdict, parties, limit);
    }

    /// @return only those with this verdict
    public ResultQuery withVerdict(Verdict wanted) {
        return new ResultQuery(label, Optional.of(wanted), parties, limit);
    }

    /// @return only those of exactly these parties
    public ResultQuery withParties(String... wanted) {
        return new ResultQuery(label, verdict, List.of(wanted), limit);
    }

    /// @return at most this many
    public ResultQuery withLimit(int most) {
        return new ResultQuery(label, verdict, parties, most);
    }

    Query toQuery() {
        var query = new Query().add("numbers", "string").add("limit", limit).addList("parties", parties);
        label.ifPresent(number -> query.add("label", number));
        verdict.ifPresent(one -> query.add("verdict", one));
        return query;
    }
}
