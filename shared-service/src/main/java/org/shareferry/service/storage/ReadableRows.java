// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/// Reads rows for lists and feeds. A row that cannot be read is skipped, counted in
/// `shareferry_rows_unreadable_total` and logged, so that one bad row does not make the whole list or feed fail. Code
/// that checks, sums or hashes rows must fail on an unreadable row instead.
@Component
public final class ReadableRows {
    private static final Logger LOG = LoggerFactory.getLogger(ReadableRows.class);
    private static final String METER = "shareferry.rows.unreadable";

    /// Each row is logged once; this is the maximum number of remembered rows.
    private static final int REMEMBERED = 1_000;

    private final MeterRegistry meters;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /// @param meters where unreadable rows are counted
    public ReadableRows(MeterRegistry meters) {
        this.meters = meters;
        // Register the counter at 0, so that the first unreadable row is visible as an increase.
        meters.counter(METER);
    }

    /// @param statement a query in a fixed order that ends in `LIMIT :limit OFFSET :skip`
    /// @param name the column that identifies a row in the log
    /// @param limit the maximum number of rows
    /// @param mapper throws an unchecked exception for a row that it cannot read
    /// @return the first `limit` rows that can be read
    public <T> List<T> list(StatementSpec statement, String name, int limit, RowMapper<T> mapper) {
        return list(statement, name, limit, mapper, row -> row);
    }

    /// As above, and then reads further data for each row after the statement has ended, so that one connection is
    /// enough.
    ///
    /// @param rest throws an unchecked exception if the further data cannot be read
    public <R, T> List<T> list(
            StatementSpec statement, String name, int limit, RowMapper<R> mapper, Function<R, T> rest) {
        var readable = new ArrayList<T>();
        int skip = 0;
        boolean more = true;
        while (more && readable.size() < limit) {
            int wanted = limit - readable.size();
            var rows = statement
                    .param("limit", wanted)
                    .param("skip", skip)
                    .query((row, number) -> new Named<>(row.getString(name), read(row, number, name, mapper)))
                    .list();
            for (var row : rows) {
                row.value()
                        .flatMap(value -> rest(name, row.name(), value, rest))
                        .ifPresent(readable::add);
            }
            skip += rows.size();
            more = rows.size() == wanted;
        }
        return readable;
    }

    /// @param name the column that identifies a row in the log
    /// @param mapper throws an unchecked exception for a row that it cannot read
    /// @return the row; empty if it cannot be read, which is counted and logged
    public <T> Optional<T> read(ResultSet row, int number, String name, RowMapper<T> mapper) throws SQLException {
        try {
            return Optional.ofNullable(mapper.mapRow(row, number));
        } catch (IllegalArgumentException | IllegalStateException e) {
            note(name, row.getString(name), e);
            return Optional.empty();
        }
    }

    private record Named<R>(String name, Optional<R> value) {}

    private <R, T> Optional<T> rest(String name, String value, R row, Function<R, T> rest) {
        try {
            return Optional.ofNullable(rest.apply(row));
        } catch (IllegalArgumentException | IllegalStateException e) {
            note(name, value, e);
            return Optional.empty();
        }
    }

    private void note(String name, String value, RuntimeException cause) {
        meters.counter(METER).increment();
        if (logged.size() < REMEMBERED && logged.add(name + " " + value)) {
            LOG.error("The row with {} {} cannot be read and is skipped.", name, value, cause);
        }
    }
}
