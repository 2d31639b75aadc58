// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// Identifies a bundle by its delivery and place. Written `DELIVERY/KIND/INDEX` in logs.
///
/// @param delivery the delivery
/// @param place the place
public record BundleKey(DeliveryKey delivery, Place place) {
    /// @param row with delivery, kind and idx
    public static BundleKey read(ResultSet row) throws SQLException {
        return new BundleKey(
                DeliveryKey.parse(row.getString("delivery")),
                new Place(Kind.ofCode(row.getInt("kind")), row.getInt("idx")));
    }

    /// @param sql with the parameters delivery, kind and idx
    /// @return the statement with these parameters
    public StatementSpec statement(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql)
                .param("delivery", delivery.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index());
    }

    @Override
    public String toString() {
        return delivery + "/" + place.kind().text() + "/" + place.index();
    }
}
