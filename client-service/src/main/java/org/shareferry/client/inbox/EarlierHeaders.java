// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.migration.Context;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.envelope.Header;
import org.springframework.stereotype.Component;

/// Migration: adds field 19 to stored headers, so that results stay readable. Unchecked deliveries expire, because
/// their envelopes are malformed in this version. A result that was VERIFIED under a protocol that does not compute
/// in its domain becomes UNVERIFIED, with the protocol `unknown`.
@Component
class EarlierHeaders extends HeaderMigration {
    private static final String MAP_OF_18 = "b2";
    private static final String MAP_OF_19 = "b3";
    private static final String NOT_RERANDOMISED = "13f4";
    private static final String UNKNOWN = protocolField("unknown");

    EarlierHeaders() {
        super("1.40", "headers with field 19");
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        expireUnchecked(connection);
        each(connection, (id, header) -> bringUp(connection, id, header.toHex()));
    }

    private static void bringUp(Connection connection, String id, String header) throws SQLException {
        if (!header.startsWith(MAP_OF_18)) {
            return;
        }
        var today = MAP_OF_19 + header.substring(MAP_OF_18.length()) + NOT_RERANDOMISED;
        if (isHeader(today)) {
            store(connection, id, Bytes.fromHex(today));
            return;
        }
        for (var protocol : Protocol.values()) {
            today = today.replace(protocolField(protocol.text()), UNKNOWN);
        }
        store(connection, id, Bytes.fromHex(today));
        try (var doubt = connection.prepareStatement("""
                        -- EarlierHeaders.doubt
                        UPDATE delivery SET verdict = 'UNVERIFIED', doubts = 'PROTOCOL_NOT_OF_DOMAIN'
                        WHERE id = ? AND verdict = 'VERIFIED'""")) {
            doubt.setString(1, id);
            doubt.executeUpdate();
        }
    }

    /// @return field 15 in hex; the name must have fewer than 24 bytes
    static String protocolField(String name) {
        return "0f%02x%s".formatted(0x60 + name.length(), Bytes.ascii(name).toHex());
    }

    private static boolean isHeader(String hex) {
        try {
            Header.decode(ThresholdHeaders.bringUp(Version2Headers.bringUp(Bytes.fromHex(hex))));
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }
}
