// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.shareferry.check.Verdict;
import org.shareferry.site.settings.ClientProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The metric for an alert on rejected results, if this client's owner wants it. It is read from the database, so that
/// a restart between check and scrape hides nothing. Results whose values or whole delivery were deleted do not count.
@Repository
class RecentVerdicts {
    private static final Duration RECENT = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    RecentVerdicts(JdbcClient jdbc, Clock clock, ClientProperties properties, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.clock = clock;
        if (properties.verdictMetrics()) {
            for (var verdict : Verdict.values()) {
                Gauge.builder("shareferry.results.recent", () -> count(verdict))
                        .tag("verdict", verdict.name())
                        .description("Number of results with this verdict whose check ended within the last hour")
                        .register(meters);
            }
        }
    }

    /// @return the number of results with this verdict, checked within the last hour
    long count(Verdict verdict) {
        return jdbc.sql("""
                        -- RecentVerdicts.count
                        SELECT COUNT(*) FROM delivery
                        WHERE state = 'checked' AND values_deleted IS NULL AND verdict = :verdict AND ended > :since""")
                .param("verdict", verdict.name())
                .param("since", clock.instant().minus(RECENT).toEpochMilli())
                .query(Long.class)
                .single();
    }
}
