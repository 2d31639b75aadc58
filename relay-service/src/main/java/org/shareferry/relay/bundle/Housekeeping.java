// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Clock;
import org.shareferry.relay.RelayProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Lets go of what is delivered, and marks what can no longer be delivered as expired. Nothing undelivered
/// goes before
/// its time. Any number of replicas may do this at once.
@Component
class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final RelayProperties properties;

    Housekeeping(JdbcClient jdbc, Clock clock, RelayProperties properties) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.properties = properties;
    }

    @Scheduled(fixedDelayString = "PT30S")
    @Transactional
    public void tidy() {
        expire();
        release();
    }

    private void expire() {
        int rows = jdbc.sql("""
                        -- Housekeeping.expireDeliveries
                        UPDATE delivery SET expired = TRUE, last_change = :now
                        WHERE expires < :now AND expired = FALSE AND place_count > (
                            SELECT COUNT(*) FROM bundle b WHERE b.delivery = delivery.id AND b.state = 'delivered')""").param("now", clock.millis()).update();
        jdbc.sql("""
                        -- Housekeeping.expireBundles
                        UPDATE bundle SET state = 'expired', changed = :now
                        WHERE state = 'waiting' AND delivery IN (SELECT id FROM delivery WHERE expired = TRUE)""").param("now", clock.millis()).update();
        if (rows > 0) {
            LOG.warn("{} deliveries expired before they were delivered", rows);
        }
    }

    /// Keeps the row of an envelope, so that it is never taken a second time, and lets go of its content.
    private void release() {
        long before = clock.millis() - properties.retention().toMillis();
        jdbc.sql("""
                        -- Housekeeping.credit
                        UPDATE usage SET bytes = bytes - (
                            SELECT COALESCE(SUM(e.size), 0) FROM envelope e
                            JOIN bundle b ON b.delivery = e.delivery AND b.kind = e.kind AND b.idx = e.idx
                            WHERE e.sender = usage.sender AND e.encoded IS NOT NULL
                                AND b.state IN ('delivered', 'expired') AND b.changed < :before)""").param("before", before).update();
        jdbc.sql("""
                        -- Housekeeping.release
                        UPDATE envelope SET encoded = NULL WHERE encoded IS NOT NULL AND EXISTS (
                            SELECT 1 FROM bundle b
                            WHERE b.delivery = envelope.delivery AND b.kind = envelope.kind AND b.idx = envelope.idx
                                AND b.state IN ('delivered', 'expired') AND b.changed < :before)""").param("before", before).update();
    }
}
