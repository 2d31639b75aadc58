// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.transaction.TransactionSystemException;

/// Which failures of a database are answered with 503 and Retry-After, and which with 500.
class ProblemAdviceTest {
    private static int status(RuntimeException e) {
        var answer = Objects.requireNonNull(new ProblemAdvice().store(e));
        assertThat(answer.getHeaders().containsHeader("Retry-After"))
                .isEqualTo(answer.getStatusCode().value() == 503);
        return answer.getStatusCode().value();
    }

    /// PostgreSQL's: connection lost, too many connections, disk full, shut down by its administrator, crashed,
    /// starting up, read-only, I/O error, lock not to be had.
    @ParameterizedTest
    @ValueSource(
            strings = {"08006", "08001", "53300", "53100", "57P01", "57P02", "57P03", "25006", "58030", "55P03", "40001"
            })
    void an_unreachable_full_or_read_only_database_is_answered_503(String state) {
        var failure = new SQLException("for this test", state);

        for (var translator : new org.springframework.jdbc.support.SQLExceptionTranslator[] {
            new SQLStateSQLExceptionTranslator(), new SQLExceptionSubclassTranslator()
        }) {
            var translated = translator.translate("test", "SELECT 1", failure);
            if (translated != null) {
                assertThat(status(translated)).as(state).isEqualTo(503);
            }
        }
    }

    @Test
    void a_pool_without_a_free_connection_is_answered_503() {
        assertThat(status(new CannotGetJdbcConnectionException(
                        "for this test", new SQLTransientConnectionException("timeout"))))
                .isEqualTo(503);
    }

    @Test
    void a_commit_that_failed_is_answered_503() {
        assertThat(status(new TransactionSystemException("for this test"))).isEqualTo(503);
    }

    @Test
    void sqlite_that_is_full_or_read_only_is_answered_503() {
        for (int code : new int[] {5, 8, 10, 13}) {
            var translated = new SQLErrorCodeSQLExceptionTranslator("SQLite")
                    .translate("test", "INSERT", new SQLException("for this test", null, code));

            assertThat(status(Objects.requireNonNullElseGet(
                            translated,
                            () -> new org.springframework.jdbc.UncategorizedSQLException(
                                    "test", "INSERT", new SQLException("for this test", null, code)))))
                    .isEqualTo(503);
        }
    }

    @Test
    void a_statement_that_can_never_succeed_is_answered_500() {
        assertThat(status(new BadSqlGrammarException("test", "SELEC", new SQLException("x", "42601"))))
                .isEqualTo(500);
        assertThat(status(new DuplicateKeyException("for this test"))).isEqualTo(500);
    }
}
