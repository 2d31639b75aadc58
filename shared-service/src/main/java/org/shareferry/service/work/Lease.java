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

/// Decides which replica of a service does work that only one may do at a time. On PostgreSQL the holder increments
/// a counter in the table `lease` every second. Another replica takes over when the counter has not changed for
/// three seconds by its own clock, so clocks need not agree. With SQLite there are no replicas, and the lease is
/// always held.
///
/// There can be two holders for a moment, so work under a lease must be idempotent.
public final class Lease implements AutoCloseable {
    /// The interval at which the holder renews the lease.
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
            throw new IllegalStateException("The database product cannot be determined.", e);
        }
    }

    /// @return whether this replica holds the lease
    public boolean isOurs() {
        return !isShared || (held && nanoTime.getAsLong() - confirmed < LOST.toNanos());
    }

    /// @return whether there may be other replicas, whose commits are not signalled here
    public boolean isShared() {
        return isShared;
    }

    /// Renews the lease, or checks whether it is free. Call it at least once a second, from one thread. It queries
    /// the database at most once a second.
    /// @return whether this replica holds the lease
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
                LOG.warn("The lease of \"{}\" could not be renewed: the database does not respond.", name);
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

    /// Releases the lease, so that another replica can take over at once. Call it when the work has stopped.
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
                LOG.debug("The lease of \"{}\" was not released; it expires on its own.", name, e);
            }
        }
    }
}
