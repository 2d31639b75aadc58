// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/// Lets go of a connection on which SQLite failed. When the lock for `BEGIN IMMEDIATE` is not to be had in
/// time, the driver has noted that a transaction began while none did: whoever got that connection next would
/// work without one, each statement by itself, and only find out at its commit.
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
