// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.retention;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.fixture.Database;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.TestSettings;
import org.shareferry.service.fixture.WriteWaits;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.storage.ThrottledSteps;
import org.shareferry.site.settings.RelayProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Housekeeping of a relay with a million deliveries, of which each twentieth was not delivered.
final class HousekeepingMeasurement {
    private HousekeepingMeasurement() {}

    /// @param arguments a new file, and how many deliveries
    public static void main(String[] arguments) {
        var waits = new WriteWaits(Path.of(arguments[0]));
        fill(waits, Integer.parseInt(arguments[1]));
        for (var statement : new String[] {
            "SELECT delivery, kind, idx FROM bundle WHERE state = 'waiting' AND expires < 5 ORDER BY expires LIMIT 100",
            "SELECT id FROM delivery WHERE settled = FALSE AND expires < 5 ORDER BY expires LIMIT 20",
            "SELECT id FROM delivery WHERE expired = TRUE AND released = FALSE AND expires < 5 ORDER BY expires LIMIT 20",
            "SELECT delivery, kind, idx FROM bundle WHERE state = 'received' AND released = FALSE AND changed < 5"
                    + " ORDER BY changed LIMIT 16"
        }) {
            waits.plan(statement);
        }
        var store = new HousekeepingStore(
                waits.jdbc(),
                new Feed(
                        waits.jdbc(),
                        new CommitNumbers(waits.jdbc(), new CommitSignal()),
                        new ReadableRows(new SimpleMeterRegistry()),
                        Clock.systemUTC()),
                Database.answers(
                        waits.jdbc(),
                        new DataSourceTransactionManager(waits.source()),
                        bind("shareferry.relay", RelayProperties.class),
                        Clock.systemUTC()),
                new TransactionTemplate(new DataSourceTransactionManager(waits.source())),
                Clock.offset(Clock.systemUTC(), Duration.ofDays(400)),
                bind("shareferry.relay", RelayProperties.class),
                bind("shareferry", ServiceProperties.class));
        var steps = new ThrottledSteps();
        for (int run = 0; run < 3; run++) {
            waits.during("expiring and settling", () -> steps.repeat(store::expireSome));
        }
        waits.during("releasing", () -> steps.repeat(() -> store.releaseReceived() || store.releaseExpired()));
        waits.jdbc().sql("UPDATE delivery SET settled = TRUE").update();
        waits.during("forgetting", () -> steps.repeat(store::forget));
        waits.source().close();
    }

    private static <T> T bind(String prefix, Class<T> type) {
        return TestSettings.binder(Map.of(
                        "shareferry.member", "R0",
                        "shareferry.roster", "roster.json",
                        "shareferry.identity-key", "identity.pem"))
                .bindOrCreate(prefix, type);
    }

    private static void fill(WriteWaits waits, int deliveries) {
        waits.jdbc().sql("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :deliveries)
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        SELECT PRINTF('%032x-0,P0,P1', i), PRINTF('%032x-0', i), 'C0', ZEROBLOB(300), 2, i, i, i
                        FROM n""").param("deliveries", deliveries).update();
        waits.jdbc().sql("""
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored, expires)
                        SELECT id, kind, 0, sender, ZEROBLOB(32), ZEROBLOB(300), 300, first_seen, expires
                        FROM delivery, (SELECT 0 AS kind UNION ALL SELECT 1), (SELECT 'P0' AS sender UNION ALL SELECT 'P1')""").update();
        waits.jdbc().sql("""
                        INSERT INTO delivery_party (delivery, party, stored)
                        SELECT id, party, 2 FROM delivery, (SELECT 'P0' AS party UNION ALL SELECT 'P1')""").update();
        waits.jdbc().sql("""
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, receipt_number, made,
                            changed, expires)
                        SELECT id, kind, 0, 'C0', CASE WHEN first_seen % 20 = 0 THEN 'waiting' ELSE 'received' END,
                            CASE WHEN first_seen % 20 = 0 THEN NULL ELSE 1 END, first_seen, first_seen, expires
                        FROM delivery, (SELECT 0 AS kind UNION ALL SELECT 1)""").update();
        waits.jdbc().sql("INSERT INTO usage VALUES ('P0', 1), ('P1', 1)").update();
    }
}
