// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Marks deliveries that can no longer become whole.
@Component
class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    private final JdbcClient jdbc;
    private final Clock clock;

    Expiry(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT30S")
    void expire() {
        int rows = jdbc.sql("""
                        -- Expiry.expire
                        UPDATE delivery SET state = 'expired', changed = :now
                        WHERE state = 'receiving' AND expires < :now""").param("now", clock.millis()).update();
        if (rows > 0) {
            LOG.warn("{} deliveries expired before all their bundles were here", rows);
        }
    }
}
