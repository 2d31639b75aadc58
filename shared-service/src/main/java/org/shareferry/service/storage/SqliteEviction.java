// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/// Evicts a connection from the pool after an error of SQLite. If `BEGIN IMMEDIATE` times out, the driver believes
/// that a transaction has begun although none has. The next user of that connection would run without a
/// transaction, each statement by itself, and fail only at its commit.
final class SqliteEviction implements SQLExceptionOverride {
    private static final int PRIMARY_CODE = 0xff;
    private static final int CONSTRAINT = 19;

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return failure instanceof SQLiteException sqlite && (sqlite.getResultCode().code & PRIMARY_CODE) != CONSTRAINT
                ? Override.MUST_EVICT
                : Override.CONTINUE_EVICT;
    }
}
