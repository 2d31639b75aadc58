// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.shareferry.keys.PrivateFile;
import org.shareferry.site.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The database: SQLite by default, one file per service; PostgreSQL if `spring.datasource.url` names one.
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(StorageConfiguration.class);

    /// WAL allows reads during a write. FULL makes commits survive a power failure. IMMEDIATE takes the write lock
    /// at the beginning of a transaction, where waiting for it works, instead of at the first write, where it does
    /// not. A larger journal is truncated to 64 MB.
    private static final Map<String, String> SQLITE = Map.of(
            "journal_mode", "WAL",
            "synchronous", "FULL",
            "busy_timeout", "10000",
            "foreign_keys", "true",
            "journal_size_limit", "67108864",
            "transaction_mode", "IMMEDIATE");

    static final int SQLITE_CONNECTIONS = 4;

    /// In seconds. Without them, callers wait for ever if PostgreSQL's host fails.
    private static final Map<String, String> POSTGRES =
            Map.of("connectTimeout", "5", "socketTimeout", "15", "tcpKeepAlive", "true");

    /// Together with SQLite's busy_timeout this is shorter than neighbours wait for a response. Hikari's default is
    /// 30 s.
    private static final long CONNECTION_MILLIS = 8_000;
    private static final long HIKARI_MILLIS = 30_000;

    @Bean
    static BeanPostProcessor sqliteSettings() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource source) {
                    bound(source);
                }
                return bean;
            }
        };
    }

    static void bound(HikariDataSource source) {
        if (source.getConnectionTimeout() == HIKARI_MILLIS) {
            source.setConnectionTimeout(CONNECTION_MILLIS);
        }
        if (isSqlite(source)) {
            keepPrivate(source.getJdbcUrl());
            SqliteSpace.prepare(source.getJdbcUrl());
            SQLITE.forEach(source.getDataSourceProperties()::putIfAbsent);
            source.setMaximumPoolSize(SQLITE_CONNECTIONS);
            source.setExceptionOverride(new SqliteEviction());
        } else if (isOf("postgresql", source)) {
            POSTGRES.forEach(source.getDataSourceProperties()::putIfAbsent);
        }
    }

    /// Migrations may take longer than the statements of a running service.
    @Bean
    FlywayConfigurationCustomizer migrationsTakeTheirTime(ObjectProvider<HikariDataSource> source) {
        return configuration -> source.ifAvailable(found -> {
            if (isOf("postgresql", found)) {
                configuration.dataSource(found.getJdbcUrl(), found.getUsername(), found.getPassword());
            }
        });
    }

    @Bean
    FlywayMigrationStrategy migrateWhatFits(
            ObjectProvider<HikariDataSource> source, @Value("${spring.application.name}") String service) {
        var url = source.stream()
                .map(HikariDataSource::getJdbcUrl)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("The database");
        // Without parameters, which can have a password.
        return new CheckedMigration(
                service,
                url.replaceFirst("^jdbc:sqlite:", "").replaceFirst("^jdbc:", "").replaceFirst("\\?.*", ""));
    }

    /// SQLite creates its journal files with the permissions of the database file.
    private static void keepPrivate(@Nullable String url) {
        if (url != null && Database.of(url, Path.of("")) instanceof Database.Sqlite sqlite) {
            for (var file : sqlite.files()) {
                try {
                    if (file.equals(sqlite.file())) {
                        PrivateFile.makeOrRestrict(file);
                    } else {
                        PrivateFile.restrict(file);
                    }
                } catch (IOException e) {
                    LOG.warn(
                            "Other users may be able to read {}, and its permissions cannot be changed by the"
                                    + " service: run `chmod 600` on it.",
                            file);
                }
            }
        }
    }

    static boolean isSqlite(HikariDataSource source) {
        return isOf("sqlite", source);
    }

    private static boolean isOf(String kind, HikariDataSource source) {
        var url = source.getJdbcUrl();
        return url != null && url.startsWith("jdbc:" + kind + ":");
    }
}
