// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.flywaydb.core.api.migration.Context;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.service.storage.CodedMigration;
import org.springframework.stereotype.Component;

/// Migration: makes the headers of existing deliveries from the columns with their facts. Sender and keys were not in
/// these columns, so the headers have the first party and zeros there; only the facts are read from them.
@Component
class HeadersOfDeliveries extends CodedMigration {
    private static final int FETCH_SIZE = 1_000;
    private static final KeyId NO_KEY = new KeyId(Bytes.of(new byte[Sha256.SIZE]));

    HeadersOfDeliveries() {
        super("1.151", "headers of deliveries");
    }

    @Override
    public void migrate(Context context) throws SQLException {
        try (var select = context.getConnection().prepareStatement("""
                        -- HeadersOfDeliveries.migrate
                        SELECT id, created, value_count, values_per_chunk, domain, scheme, fixed_precision, label,
                            recipient, parties, protocol, macs_checked, rerandomised, threshold, bits, program
                        FROM delivery""")) {
            // PostgreSQL's driver would otherwise hold all rows in memory.
            select.setFetchSize(FETCH_SIZE);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    migrate(context.getConnection(), rows);
                }
            }
        }
    }

    private static void migrate(Connection connection, ResultSet row) throws SQLException {
        var header = header(row, row.getString("protocol"));
        // Early versions accepted protocols that do not compute in the delivery's domain.
        header = header.isPresent() ? header : header(row, "unknown");
        if (header.isPresent()) {
            store(connection, row.getString("id"), header.get().encode());
        }
    }

    private static void store(Connection connection, String id, Bytes header) throws SQLException {
        try (var update = connection.prepareStatement("""
                        -- HeadersOfDeliveries.store
                        UPDATE delivery SET header = ? WHERE id = ?""")) {
            update.setBytes(1, header.toArray());
            update.setString(2, id);
            update.executeUpdate();
        }
    }

    /// @return empty if a column cannot be read; lists skip such rows
    private static Optional<Header> header(ResultSet row, String protocol) throws SQLException {
        try {
            var facts = facts(row, protocol);
            return Optional.of(new Header(
                    facts,
                    new Place(Kind.VALUES, 0),
                    facts.parties().getFirst(),
                    NO_KEY,
                    NO_KEY,
                    Instant.ofEpochMilli(row.getLong("created"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static DeliveryFacts facts(ResultSet row, String protocol) throws SQLException {
        return new DeliveryFacts(
                DeliveryId.parse(row.getString("id")),
                new Shape(row.getLong("value_count"), row.getInt("values_per_chunk")),
                Domain.parse(row.getString("domain")),
                Scheme.parse(row.getString("scheme")),
                row.getInt("fixed_precision"),
                row.getLong("label"),
                MemberName.parse(row.getString("recipient")),
                PartySet.parse(row.getString("parties").replace(' ', ',')).members(),
                protocol,
                row.getBoolean("macs_checked"),
                row.getBoolean("rerandomised"),
                row.getInt("threshold"),
                row.getInt("bits"),
                Bytes.of(row.getBytes("program")));
    }
}
