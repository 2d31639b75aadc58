// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.shareferry.service.fixture.OnPostgres;
import org.shareferry.service.fixture.Statements;

/// The party-service on PostgreSQL. This class runs last in the module, so that it sees the statements of all
/// classes.
@OnPostgres
@Order(Integer.MAX_VALUE)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class StoresOnPostgresTest {
    @Nested
    class Submitting extends SubmissionHttpTest {}

    @Nested
    @Order(Integer.MAX_VALUE)
    class Afterwards {
        @Test
        void every_sql_statement_of_the_service_has_run_on_postgresql() throws Exception {
            assertThat(Statements.notRunOnPostgres()).isEmpty();
        }
    }
}
