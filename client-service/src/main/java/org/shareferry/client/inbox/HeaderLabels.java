// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.Context;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Header;
import org.springframework.stereotype.Component;

/// Migration: fills the column `label` of existing deliveries. It stays 0 for a header that this version cannot
/// read; lists skip such rows.
@Component
class HeaderLabels extends HeaderMigration {
    HeaderLabels() {
        super("1.111", "labels of stored headers");
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        try (var update = connection.prepareStatement("""
                        -- HeaderLabels.store
                        UPDATE delivery SET label = ? WHERE id = ?""")) {
            each(connection, (id, header) -> {
                update.setLong(1, label(header));
                update.setString(2, id);
                update.executeUpdate();
            });
        }
    }

    private static long label(Bytes header) {
        try {
            return Header.decode(header).facts().label();
        } catch (MalformedException e) {
            return 0;
        }
    }
}
