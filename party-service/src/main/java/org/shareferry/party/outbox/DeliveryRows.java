// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;

/// Maps rows of the table `delivery` to objects.
final class DeliveryRows {
    /// Rows contain party sets as names separated by spaces.
    private static final char SPACE = ' ';

    private static final char COMMA = ',';

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
        return new DeliveryFacts(
                DeliveryId.parse(row.getString("id")),
                new Shape(row.getLong("value_count"), row.getInt("values_per_chunk")),
                Domain.parse(row.getString("domain")),
                Scheme.parse(row.getString("scheme")),
                row.getInt("fixed_precision"),
                row.getLong("label"),
                MemberName.parse(row.getString("recipient")),
                PartySet.parse(row.getString("parties").replace(SPACE, COMMA)).members(),
                row.getString("protocol"),
                row.getBoolean("macs_checked"),
                row.getBoolean("rerandomised"),
                row.getInt("threshold"),
                row.getInt("bits"),
                Bytes.of(row.getBytes("program")));
    }

    static Map<String, Object> parameters(DeliveryFacts facts) {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("id", facts.id().toString());
        parameters.put("valueCount", facts.shape().count());
        parameters.put("valuesPerChunk", facts.shape().valuesPerChunk());
        parameters.put("domain", facts.domain().toString());
        parameters.put("scheme", facts.scheme().text());
        parameters.put("precision", facts.precision());
        parameters.put("label", facts.label());
        parameters.put("recipient", facts.recipient().toString());
        parameters.put("parties", facts.partySet().toString().replace(COMMA, SPACE));
        parameters.put("protocol", facts.protocol());
        parameters.put("macsChecked", facts.macsChecked());
        parameters.put("rerandomised", facts.rerandomised());
        parameters.put("threshold", facts.threshold());
        parameters.put("bits", facts.bits());
        parameters.put("program", facts.program().toArray());
        return parameters;
    }
}
