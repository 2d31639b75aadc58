// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// db-scheduler on SQLite and PostgreSQL alike, by the service's own clock.
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerConfiguration.class);

    @Bean
    com.github.kagkarlsson.scheduler.Clock schedulerClock(Clock clock) {
        return clock::instant;
    }

    @Bean
    DbSchedulerCustomizer schedulerOnEitherDatabase(@Value("${db-scheduler.threads}") int threads) {
        return new DbSchedulerCustomizer() {
            @Override
            public Optional<JdbcCustomization> jdbcCustomization() {
                return Optional.of(new EpochMillis());
            }

            /// Never more at once than there are threads, each of which may hold a bundle in memory: each time work
            /// comes in, the scheduler fetches some more that is due, however much it has under way.
            @Override
            public Optional<ExecutorService> executorService() {
                var factory = Thread.ofVirtual()
                        .name("work-", 0)
                        .uncaughtExceptionHandler((thread, failure) -> LOG.warn(
                                "Work that was due could not be taken up; the scheduler will look for it again.",
                                failure))
                        .factory();
                return Optional.of(Executors.newFixedThreadPool(threads, factory));
            }

            @Override
            public Optional<Serializer> serializer() {
                return Optional.of(new Text());
            }
        };
    }

    /// Times as milliseconds in a BIGINT, and LIMIT, which both databases know.
    @NullUnmarked
    private static final class EpochMillis extends DefaultJdbcCustomization {
        EpochMillis() {
            super(true);
        }

        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
            if (value == null) {
                statement.setNull(index, Types.BIGINT);
            } else {
                statement.setLong(index, value.toEpochMilli());
            }
        }

        @Override
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            long millis = row.getLong(column);
            return row.wasNull() ? null : Instant.ofEpochMilli(millis);
        }

        @Override
        public void setTaskData(PreparedStatement statement, int index, byte[] value) throws SQLException {
            statement.setBytes(index, value);
        }

        @Override
        public String getQueryLimitPart(int limit) {
            return " LIMIT " + limit;
        }

        @Override
        public String getName() {
            return "EpochMillis";
        }
    }

    /// Data of tasks is text, never a serialized object.
    @NullUnmarked
    private static final class Text implements Serializer {
        @Override
        public byte @Nullable [] serialize(@Nullable Object value) {
            return value == null ? null : ((String) value).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] value) {
            return value == null ? null : type.cast(new String(value, StandardCharsets.UTF_8));
        }
    }
}
