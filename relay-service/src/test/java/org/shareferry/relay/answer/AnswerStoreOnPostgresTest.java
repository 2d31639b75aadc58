// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.relay.answer.StoredAnswers.Upload;
import org.shareferry.service.fixture.OnPostgres;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@OnPostgres
class AnswerStoreOnPostgresTest extends StoredAnswersTest {
    @Test
    void two_replicas_that_delete_an_upload_credit_its_bytes_once() {
        var request = request();
        var left = Upload.of(request.facts().key(), C0);
        store().add(left, 0, Bytes.of(new byte[10]));
        store().add(Upload.of(request.facts().key(), C0), 0, Bytes.of(new byte[100]));
        var source = source();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            new TransactionTemplate(new DataSourceTransactionManager(source)).executeWithoutResult(status -> {
                // Nobody gives bytes back before this ends.
                JdbcClient.create(source).sql("UPDATE usage SET bytes = bytes").update();
                threads.execute(() -> removal().drop(left.id()));
                threads.execute(() -> removal().drop(left.id()));
                await().until(() -> waiting() == 2);
            });
        }

        assertThat(used()).isEqualTo(100);
    }

    /// In a transaction the answer would always be the same.
    private long waiting() {
        return JdbcClient.create(source())
                .sql("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                .query(Long.class)
                .single();
    }
}
