// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;

/// Maps rows of the table `delivery` to objects.
final class DeliveryRows {
    private DeliveryRows() {}

    static OutboxDelivery read(ResultSet row, int number) throws SQLException {
        return new OutboxDelivery(
                facts(row),
                DeliveryState.parse(row.getString("state")),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("changed")),
                Instant.ofEpochMilli(row.getLong("expires")),
                row.getLong("sealed"),
                row.getLong("submitted"),
                row.getLong("received"),
                refusal(row));
    }

    private static Optional<Refusal> refusal(ResultSet row) throws SQLException {
        var type = row.getString("refusal_type");
        return type == null ? Optional.empty() : Optional.of(new Refusal(type, row.getString("refusal_detail")));
    }

    private static DeliveryFacts facts(ResultSet row) throws SQLException {
        try {
            return Header.decode(Bytes.of(row.getBytes("header"))).facts();
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }
}
