// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.SQLException;
import java.util.Arrays;
import org.flywaydb.core.api.migration.Context;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.envelope.Header;
import org.springframework.stereotype.Component;

/// Migration: adds the fields 20 to 22 to stored headers, so that results stay readable: the threshold of the
/// protocol, no bits, no program. Field 16 becomes false for protocols without checks of their own. Unchecked
/// deliveries expire, because their envelopes are malformed in this version.
@Component
class ThresholdHeaders extends HeaderMigration {
    private static final String MAP_OF_19 = "b3";
    private static final String MAP_OF_22 = "b6";
    private static final String CHECKS_RAN = "10f5";
    private static final String NO_CHECKS_RAN = "10f4";

    ThresholdHeaders() {
        super("1.80", "headers of 22 fields");
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        expireUnchecked(connection);
        each(connection, (id, header) -> store(connection, id, bringUp(header)));
    }

    /// @param header the stored header with 19 fields
    /// @return the header with 22 fields; unchanged if it still cannot be read
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
    /// @return the fields, with field 16 false after the name of a protocol without checks
    private static String withoutChecks(String fields) {
        return Arrays.stream(Protocol.values())
                .filter(protocol -> !protocol.hasOwnChecks())
                .map(protocol -> EarlierHeaders.protocolField(protocol.text()))
                .reduce(fields, (all, name) -> all.replace(name + CHECKS_RAN, name + NO_CHECKS_RAN));
    }

    /// @param threshold fewer than 256
    private static Bytes withThreshold(String fields, int threshold) {
        var encoded = threshold < 24 ? "%02x".formatted(threshold) : "18%02x".formatted(threshold);
        return Bytes.fromHex(MAP_OF_22 + fields + "14" + encoded + "15001640");
    }
}
