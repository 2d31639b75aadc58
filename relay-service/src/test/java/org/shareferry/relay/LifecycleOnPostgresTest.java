// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class LifecycleOnPostgresTest extends LifecycleTest {
    /// A lock of a whole database is SQLite's alone.
    @Override
    void a_busy_database_is_answered_503_with_retry_after() {}
}
