// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.Context;
import org.shareferry.service.storage.CodedMigration;
import org.springframework.stereotype.Component;

/// Disables PostgreSQL's compression of values: otherwise it would write the zeros of a rejected delivery much
/// faster than real values. SQLite does not compress.
@Component
class UncompressedValues extends CodedMigration {
    UncompressedValues() {
        super("1.41", "values without compression");
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        if (!"PostgreSQL".equals(connection.getMetaData().getDatabaseProductName())) {
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.execute("""
                    -- UncompressedValues.migrate
                    ALTER TABLE value_chunk ALTER COLUMN raw SET STORAGE EXTERNAL""");
        }
    }
}
