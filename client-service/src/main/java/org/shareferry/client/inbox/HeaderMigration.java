// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.Connection;
import java.sql.SQLException;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.storage.CodedMigration;

/// A database migration that reads the headers of all deliveries.
abstract class HeaderMigration extends CodedMigration {
    /// @param version as in the file names of SQL migrations
    HeaderMigration(String version, String description) {
        super(version, description);
    }

    /// The change to one delivery.
    interface Step {
        void on(String id, Bytes header) throws SQLException;
    }

    static void each(Connection connection, Step step) throws SQLException {
        try (var select = connection.prepareStatement("""
                        -- HeaderMigration.each
                        SELECT id, header FROM delivery""");
                var rows = select.executeQuery()) {
            while (rows.next()) {
                step.on(rows.getString("id"), Bytes.of(rows.getBytes("header")));
            }
        }
    }

    /// Unchecked deliveries expire, because their envelopes are malformed in this version.
    static void expireUnchecked(Connection connection) throws SQLException {
        try (var expire = connection.prepareStatement("""
                        -- HeaderMigration.expireUnchecked
                        UPDATE delivery SET state = 'expired', check_seed = NULL
                        WHERE state IN ('receiving', 'checking')""")) {
            expire.executeUpdate();
        }
    }

    static void store(Connection connection, String id, Bytes header) throws SQLException {
        try (var update = connection.prepareStatement("""
                        -- HeaderMigration.store
                        UPDATE delivery SET header = ? WHERE id = ?""")) {
            update.setBytes(1, header.toArray());
            update.setString(2, id);
            update.executeUpdate();
        }
    }
}
