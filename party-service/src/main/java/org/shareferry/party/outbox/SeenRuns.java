// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Clock;
import org.shareferry.delivery.RunId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The runs that VMs have begun here. A run that comes twice has the same random values: a second answer to a request
/// for inputs would tell everybody by how much the inputs differ.
@Repository
public class SeenRuns {
    private final JdbcClient jdbc;
    private final Clock clock;

    SeenRuns(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// Notes a run durably.
    ///
    /// @return false when it was noted before
    public boolean begin(RunId run) {
        return jdbc.sql("""
                                -- SeenRuns.begin
                                INSERT INTO seen_run (run, seen) VALUES (:run, :now) ON CONFLICT (run) DO NOTHING
                                """)
                        .param("run", run.toString())
                        .param("now", clock.millis())
                        .update()
                == 1;
    }
}
