// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// A program with the store of a service, in which as many transactions as there are connections want to write at
/// once, and the one whose turn it is rests. It ends well when all of them committed.
@Configuration(proxyBeanMethods = false)
@Import(StorageConfiguration.class)
@ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    TransactionAutoConfiguration.class
})
final class CrowdedStore {
    private static final long REST_NANOS = 300_000_000;

    private CrowdedStore() {}

    /// @param settings Spring's: where the database is
    public static void main(String[] settings) throws Exception {
        var application = new SpringApplication(CrowdedStore.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (var context = application.run(settings);
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var jdbc = context.getBean(JdbcClient.class);
            var transactions = context.getBean(TransactionTemplate.class);
            jdbc.sql("CREATE TABLE written (writer INTEGER PRIMARY KEY)").update();
            var locked = new CountDownLatch(1);

            var first = writers.submit(() -> transactions.executeWithoutResult(transaction -> {
                write(jdbc, 0);
                locked.countDown();
                LockSupport.parkNanos(REST_NANOS);
            }));
            locked.await();
            List<Future<?>> others = IntStream.range(1, StorageConfiguration.SQLITE_CONNECTIONS)
                    .<Future<?>>mapToObj(writer ->
                            writers.submit(() -> transactions.executeWithoutResult(transaction -> write(jdbc, writer))))
                    .toList();

            first.get();
            for (var other : others) {
                other.get();
            }
        }
    }

    private static void write(JdbcClient jdbc, int writer) {
        jdbc.sql("INSERT INTO written VALUES (?)").param(writer).update();
    }
}
