// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Clock;
import org.shareferry.delivery.RunId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The runs that VMs have begun here. A repeated run has the same random values, so a second answer to a request for
/// inputs would reveal the difference between the inputs.
@Repository
public class SeenRuns {
    private final JdbcClient jdbc;
    private final Clock clock;

    SeenRuns(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// Stores a run durably.
    ///
    /// @return false if it was already stored
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
