// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.Context;
import org.shareferry.crypto.Bytes;
import org.springframework.stereotype.Component;

/// Migration: converts stored headers of version 1 to version 2, so that results stay readable. Unchecked
/// deliveries expire, because their envelopes are malformed in this version. A stored header may be that of masks
/// or of a tail, which are no longer places. Only the facts that all headers of a delivery share are read from it,
/// so it becomes the header of chunk 0.
@Component
class Version2Headers extends HeaderMigration {
    private static final String VERSION_1 = "b30101";
    private static final String VERSION_2 = "b30102";
    private static final String CHUNK_0 = "04000500";

    /// Bytes before the sequence number: map, version, run id, and key 3.
    private static final int SEQUENCE = 22;

    Version2Headers() {
        super("1.45.1", "headers of version 2");
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        expireUnchecked(connection);
        each(connection, (id, header) -> store(connection, id, bringUp(header)));
    }

    /// @param header the stored header
    /// @return the header in version 2, for chunk 0
    static Bytes bringUp(Bytes header) {
        var hex = header.toHex();
        if (!hex.startsWith(VERSION_1)) {
            return header;
        }
        int kind = SEQUENCE + integerSize(header, SEQUENCE);
        int index = kind + 3;
        int rest = index + integerSize(header, index);
        return Bytes.fromHex(
                VERSION_2 + hex.substring(VERSION_1.length(), 2 * kind) + CHUNK_0 + hex.substring(2 * rest));
    }

    /// @return the number of bytes of the encoded integer at this position (RFC 8949 §3.1)
    private static int integerSize(Bytes header, int at) {
        int additional = header.toArray()[at] & 0x1f;
        return additional < 24 ? 1 : 1 + (1 << (additional - 24));
    }
}
