// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// SQLite by default, one file per service; PostgreSQL by its address.
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {
    /// WAL lets readers read while one writes; FULL makes a commit survive a power cut; IMMEDIATE takes the
    /// write lock at the beginning of a transaction, where waiting helps, and not at its first write, where
    /// it does not.
    private static final Map<String, String> SQLITE = Map.of(
            "journal_mode", "WAL",
            "synchronous", "FULL",
            "busy_timeout", "10000",
            "foreign_keys", "true",
            "transaction_mode", "IMMEDIATE");

    static final int SQLITE_CONNECTIONS = 4;

    @Bean
    static BeanPostProcessor sqliteSettings() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource source && isSqlite(source)) {
                    SQLITE.forEach(source.getDataSourceProperties()::putIfAbsent);
                    source.setMaximumPoolSize(SQLITE_CONNECTIONS);
                    source.setExceptionOverride(new SqliteEviction());
                }
                return bean;
            }
        };
    }

    private static boolean isSqlite(HikariDataSource source) {
        var url = source.getJdbcUrl();
        return url != null && url.startsWith("jdbc:sqlite:");
    }
}
