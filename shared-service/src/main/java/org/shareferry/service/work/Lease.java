// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/// Decides which replica of a service does work that one of them does at a time. On PostgreSQL the holder counts up in
/// the table `lease` every second. Another replica takes the work over when the counter has stood still for three
/// seconds by its own clock, so clocks need not agree. SQLite has no replicas: there the lease is always ours.
///
/// Two holders are possible for a moment, so whatever is done under a lease must do no harm when done twice.
public final class Lease implements AutoCloseable {
    /// How often the holder shows that it lives.
    public static final Duration BEAT = Duration.ofSeconds(1);

    private static final Duration LOST = Duration.ofMillis(2_500);
    private static final Duration DEAD = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final String name;
    private final String holder = UUID.randomUUID().toString();
    private final JdbcClient jdbc;
    private final boolean isShared;
    private final LongSupplier nanoTime;
    private volatile long confirmed;
    private volatile boolean held;
    private long looked;
    private long seenSince;
    private Optional<Row> seen = Optional.empty();

    private record Row(String holder, long beats) {}

    /// @param name of the work, the same at every replica
    public Lease(String name, DataSource source) {
        this(name, JdbcClient.create(source), isShared(source), System::nanoTime);
    }

    /// @param isShared whether there may be replicas
    /// @param nanoTime the clock by which a lease ends
    public Lease(String name, JdbcClient jdbc, boolean isShared, LongSupplier nanoTime) {
        this.name = name;
        this.jdbc = jdbc;
        this.isShared = isShared;
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong() - BEAT.toNanos();
    }

    private static boolean isShared(DataSource source) {
        try {
            var product = JdbcUtils.extractDatabaseMetaData(source, metaData -> metaData.getDatabaseProductName());
            return !product.toLowerCase(Locale.ROOT).contains("sqlite");
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not tell which one it is.", e);
        }
    }

    /// @return whether the work is ours to do now
    public boolean isOurs() {
        return !isShared || (held && nanoTime.getAsLong() - confirmed < LOST.toNanos());
    }

    /// @return whether other replicas may exist, whose commits nobody here is told of
    public boolean isShared() {
        return isShared;
    }

    /// Renews the lease, or looks whether it is free. To be called at least once a second, by one thread; it asks the
    /// database no more often.
    ///
    /// @return whether the work is ours to do now
    public boolean beat() {
        long now = nanoTime.getAsLong();
        if (isShared && now - looked >= BEAT.toNanos()) {
            looked = now;
            try {
                if (held ? !renew() : isFree(now) && take()) {
                    held = !held;
                    LOG.info("The work \"{}\" is {} this replica.", name, held ? "done by" : "no longer done by");
                }
                confirmed = now;
            } catch (DataAccessException e) {
                LOG.warn("The lease of \"{}\" could not be renewed: the database does not answer.", name);
            }
        }
        return isOurs();
    }

    private boolean renew() {
        return jdbc.sql("""
                                -- Lease.renew
                                UPDATE lease SET beats = beats + 1 WHERE name = :name AND holder = :holder
                                """).param("name", name).param("holder", holder).update() == 1;
    }

    private boolean isFree(long now) {
        var row = jdbc.sql("""
                        -- Lease.look
                        SELECT holder, beats FROM lease WHERE name = :name
                        """)
                .param("name", name)
                .query((result, number) -> new Row(result.getString("holder"), result.getLong("beats")))
                .optional();
        if (!row.equals(seen)) {
            seen = row;
            seenSince = now;
        }
        return row.filter(found -> !found.holder().isEmpty()).isEmpty() || now - seenSince >= DEAD.toNanos();
    }

    private boolean take() {
        if (seen.isEmpty()) {
            return jdbc.sql("""
                                    -- Lease.create
                                    INSERT INTO lease (name, holder, beats) VALUES (:name, :holder, 0)
                                    ON CONFLICT (name) DO NOTHING
                                    """).param("name", name).param("holder", holder).update() == 1;
        }
        return jdbc.sql("""
                                -- Lease.take
                                UPDATE lease SET holder = :holder, beats = beats + 1
                                WHERE name = :name AND holder = :former AND beats = :beats
                                """)
                        .param("holder", holder)
                        .param("name", name)
                        .param("former", seen.get().holder())
                        .param("beats", seen.get().beats())
                        .update()
                == 1;
    }

    /// Lets another replica take the work over at once. To be called when the work has stopped.
    @Override
    public void close() {
        if (isShared && held) {
            held = false;
            try {
                jdbc.sql("""
                                -- Lease.release
                                UPDATE lease SET holder = '' WHERE name = :name AND holder = :holder
                                """).param("name", name).param("holder", holder).update();
            } catch (DataAccessException e) {
                LOG.debug("The lease of \"{}\" was not released; it ends by itself.", name, e);
            }
        }
    }
}
