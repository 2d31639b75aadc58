// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;

/// Between rows of the table `delivery` and what they mean.
final class DeliveryRows {
    private static final Pattern RING = Pattern.compile("ring ([0-9]+)/([0-9]+)");
    private static final Pattern PRIME = Pattern.compile("prime ([0-9]+)");

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
                domain(row.getString("domain")),
                Scheme.parse(row.getString("scheme")),
                row.getInt("fixed_precision"),
                row.getLong("label"),
                MemberName.parse(row.getString("recipient")),
                parties(row.getString("parties")),
                row.getString("protocol"),
                row.getBoolean("macs_checked"));
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
        parameters.put(
                "parties", facts.parties().stream().map(MemberName::toString).collect(Collectors.joining(" ")));
        parameters.put("protocol", facts.protocol());
        parameters.put("macsChecked", facts.macsChecked());
        return parameters;
    }

    private static List<MemberName> parties(String text) {
        return Arrays.stream(text.split(" ")).map(MemberName::parse).toList();
    }

    private static Domain domain(String text) {
        var ring = RING.matcher(text);
        if (ring.matches()) {
            return new Domain.Ring(Integer.parseInt(ring.group(1)), Integer.parseInt(ring.group(2)));
        }
        var prime = PRIME.matcher(text);
        if (prime.matches()) {
            return new Domain.PrimeField(new BigInteger(prime.group(1)));
        }
        throw new IllegalStateException("The database names a domain that this version does not know.");
    }
}
