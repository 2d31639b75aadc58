// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.envelope.Header;
import org.springframework.stereotype.Component;

/// Adds the fields 20 to 22 to stored headers, so that results stay readable: the threshold that the protocol has, no
/// bits, no program. Field 16 becomes false for protocols that have no checks of their own. What had not been checked
/// then expires: its envelopes are malformed today.
@Component
class HeadersOf22Fields implements JavaMigration {
    private static final String MAP_OF_19 = "b3";
    private static final String MAP_OF_22 = "b6";
    private static final String CHECKS_RAN = "10f5";
    private static final String NO_CHECKS_RAN = "10f4";

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("1.80");
    }

    @Override
    public String getDescription() {
        return "headers of 22 fields";
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
        var connection = context.getConnection();
        try (var expire = connection.prepareStatement("""
                        -- HeadersOf22Fields.expire
                        UPDATE delivery SET state = 'expired', check_seed = NULL
                        WHERE state IN ('receiving', 'checking')""")) {
            expire.executeUpdate();
        }
        try (var select = connection.prepareStatement("""
                        -- HeadersOf22Fields.all
                        SELECT id, header FROM delivery""");
                var rows = select.executeQuery()) {
            while (rows.next()) {
                store(connection, rows.getString("id"), bringUp(Bytes.of(rows.getBytes("header"))));
            }
        }
    }

    /// @param header as stored, with 19 fields
    /// @return the same with 22; as it is when it cannot be read even so
    static Bytes bringUp(Bytes header) {
        var hex = header.toHex();
        if (!hex.startsWith(MAP_OF_19)) {
            return header;
        }
        var fields = withoutChecks(hex.substring(MAP_OF_19.length()));
        try {
            var facts = Header.decode(withThreshold(fields, 0)).facts();
            int threshold = Protocol.named(facts.protocol())
                    .map(protocol -> protocol.threshold(facts.parties().size()).orElse(0))
                    .orElse(0);
            return withThreshold(fields, threshold);
        } catch (MalformedException e) {
            return header;
        }
    }

    /// @param fields in hex
    /// @return with field 16 false behind the name of a protocol that has no checks
    private static String withoutChecks(String fields) {
        return Arrays.stream(Protocol.values())
                .filter(protocol -> !protocol.hasOwnChecks())
                .map(protocol -> EarlierHeaders.protocolField(protocol.text()))
                .reduce(fields, (all, name) -> all.replace(name + CHECKS_RAN, name + NO_CHECKS_RAN));
    }

    /// @param threshold fewer than 256
    private static Bytes withThreshold(String fields, int threshold) {
        var encoded = threshold < 24 ? "%02x".formatted(threshold) : "18%02x".formatted(threshold);
        return Bytes.fromHex(MAP_OF_22 + fields + "14" + encoded + "1500" + "1640");
    }

    private static void store(Connection connection, String id, Bytes header) throws SQLException {
        try (var update = connection.prepareStatement("""
                        -- HeadersOf22Fields.store
                        UPDATE delivery SET header = ? WHERE id = ?""")) {
            update.setBytes(1, header.toArray());
            update.setString(2, id);
            update.executeUpdate();
        }
    }
}
