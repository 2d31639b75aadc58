// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Header;
import org.springframework.stereotype.Component;

/// Fills the column `label` of deliveries that were stored before it was there. A header that this version cannot read
/// keeps 0: lists leave its row out.
@Component
class LabelsOfHeaders implements JavaMigration {
    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("1.111");
    }

    @Override
    public String getDescription() {
        return "labels of stored headers";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        try (var select = context.getConnection().prepareStatement("""
                        -- LabelsOfHeaders.all
                        SELECT id, header FROM delivery""");
                var update = context.getConnection().prepareStatement("""
                        -- LabelsOfHeaders.store
                        UPDATE delivery SET label = ? WHERE id = ?""");
                var rows = select.executeQuery()) {
            while (rows.next()) {
                update.setLong(1, label(rows.getBytes("header")));
                update.setString(2, rows.getString("id"));
                update.executeUpdate();
            }
        }
    }

    private static long label(byte[] header) {
        try {
            return Header.decode(Bytes.of(header)).facts().label();
        } catch (MalformedException e) {
            return 0;
        }
    }
}
