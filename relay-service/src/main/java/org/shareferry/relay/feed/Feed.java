// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.feed;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.annotation.PostConstruct;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.relay.feed.FeedEntry.Why;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The events of deliveries, numbered in commit order. Entries of a transaction are written at its end, because the
/// counter is locked from then until the commit.
@Repository
public class Feed {
    /// The approximate limit for the bytes of receipts in one page.
    private static final long PAGE_BYTES = 1 << 20;

    private final JdbcClient jdbc;
    private final CommitNumbers numbers;
    private final ReadableRows rows;
    private final Clock clock;

    /// @param rows handles entries whose delivery this version cannot parse
    public Feed(JdbcClient jdbc, CommitNumbers numbers, ReadableRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.numbers = numbers;
        this.rows = rows;
        this.clock = clock;
    }

    @PostConstruct
    void begin() {
        numbers.goOn(clock.instant());
    }

    private record Noted(
            String delivery, State state, Optional<SignedReceipt> receipt, Optional<Why> why, LongConsumer numbered) {}

    /// Entries of the current transaction.
    private final class AtCommit implements TransactionSynchronization {
        private final List<Noted> entries = new ArrayList<>();

        @Override
        public void beforeCommit(boolean readOnly) {
            long number = numbers.take(entries.size()) - entries.size();
            for (var entry : entries) {
                insert(++number, entry);
                entry.numbered().accept(number);
            }
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResource(Feed.this);
        }
    }

    /// Records an event in the transaction in which it happens.
    /// @param delivery the id of its row
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(String delivery, State state) {
        add(new Noted(delivery, state, Optional.empty(), Optional.empty(), number -> {}));
    }

    /// Records that a bundle was refused or is held.
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(DeliveryKey delivery, State state, Why why) {
        add(new Noted(delivery.toString(), state, Optional.empty(), Optional.of(why), number -> {}));
    }

    /// Records a receipt.
    ///
    /// @param numbered called with its number at the end of the transaction
    @Transactional(propagation = Propagation.MANDATORY)
    public void keep(DeliveryKey delivery, SignedReceipt receipt, LongConsumer numbered) {
        add(new Noted(delivery.toString(), State.RECEIPT, Optional.of(receipt), Optional.empty(), numbered));
    }

    private void add(Noted entry) {
        if (TransactionSynchronizationManager.getResource(this) instanceof AtCommit begun) {
            begun.entries.add(entry);
            return;
        }
        var begun = new AtCommit();
        begun.entries.add(entry);
        TransactionSynchronizationManager.bindResource(this, begun);
        TransactionSynchronizationManager.registerSynchronization(begun);
    }

    private void insert(long number, Noted entry) {
        jdbc.sql("""
                        -- Feed.insert
                        INSERT INTO feed (number, delivery, state, receipt, signature, type, detail, size)
                        VALUES (:number, :delivery, :state, :receipt, :signature, :type, :detail, :size)""")
                .param("number", number)
                .param("delivery", entry.delivery())
                .param("state", entry.state().text())
                .param("receipt", bytes(entry.receipt().map(SignedReceipt::receipt)))
                .param("signature", bytes(entry.receipt().map(SignedReceipt::signature)))
                .param("type", entry.why().map(Why::type).orElse(null))
                .param("detail", entry.why().map(Why::detail).orElse(null))
                .param(
                        "size",
                        entry.receipt().map(signed -> signed.receipt().size()).orElse(0))
                .update();
    }

    private static byte @Nullable [] bytes(Optional<Bytes> content) {
        return content.map(Bytes::toArray).orElse(null);
    }

    /// A page of entries for a party.
    ///
    /// @param feed the id of this relay's database
    /// @param complete the page is complete up to this number, which is the next `after`
    /// @param entries ascending by number
    @Schema(name = "FeedPage")
    public record Page(String feed, long complete, List<FeedEntry> entries) {}

    /// Entries of deleted deliveries are deleted too, also for readers that start at 0.
    ///
    /// @return whether the feed has this id and does not end before this number
    public boolean isKnown(Optional<String> feed, long after) {
        return jdbc.sql("""
                        -- Feed.isKnown
                        SELECT COUNT(*) FROM feed_state s, change_counter c
                        WHERE (:feed = '' OR s.id = :feed) AND :after <= c.last""")
                        .param("feed", feed.orElse(""))
                        .param("after", after)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// @param after the number up to which the party has read the feed
    /// @param limit the maximum number of entries, at least 1
    public Page page(MemberName party, long after, int limit) {
        // Read before the entries: all entries up to this number have committed.
        long last = numbers.last();
        var sizes = sizes(party, after, last, limit);
        long bytes = 0;
        int count = 0;
        while (count < sizes.size() && (count == 0 || bytes + sizes.get(count).size() <= PAGE_BYTES)) {
            bytes += sizes.get(count++).size();
        }
        if (count == 0) {
            return new Page(id(), last, List.of());
        }
        long to = sizes.get(count - 1).number();
        return new Page(id(), count == sizes.size() && count < limit ? last : to, entries(party, after, to));
    }

    private record Size(long number, int size) {}

    private List<Size> sizes(MemberName party, long after, long last, int limit) {
        return jdbc.sql("""
                        -- Feed.sizes
                        SELECT f.number, f.size FROM feed f
                        WHERE f.number > :after AND f.number <= :last AND EXISTS (
                            SELECT 1 FROM delivery_party p WHERE p.delivery = f.delivery AND p.party = :party)
                        ORDER BY f.number LIMIT :limit""")
                .param("after", after)
                .param("last", last)
                .param("party", party.toString())
                .param("limit", limit)
                .query((row, number) -> new Size(row.getLong("number"), row.getInt("size")))
                .list();
    }

    private List<FeedEntry> entries(MemberName party, long after, long to) {
        return jdbc
                .sql("""
                        -- Feed.entries
                        SELECT f.* FROM feed f
                        WHERE f.number > :after AND f.number <= :to AND EXISTS (
                            SELECT 1 FROM delivery_party p WHERE p.delivery = f.delivery AND p.party = :party)
                        ORDER BY f.number""")
                .param("after", after)
                .param("to", to)
                .param("party", party.toString())
                .query((row, number) -> rows.read(row, number, "delivery", (same, again) -> entry(same)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static FeedEntry entry(ResultSet row) throws SQLException {
        Optional<SignedReceipt> receipt = row.getBytes("receipt") == null
                ? Optional.empty()
                : Optional.of(
                        new SignedReceipt(Bytes.of(row.getBytes("receipt")), Bytes.of(row.getBytes("signature"))));
        Optional<Why> why = row.getString("type") == null
                ? Optional.empty()
                : Optional.of(new Why(row.getString("type"), row.getString("detail")));
        return FeedEntry.of(
                row.getLong("number"),
                DeliveryKey.parse(row.getString("delivery")),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                receipt,
                why);
    }

    /// @return the id of this relay's database, created at the first start
    public String id() {
        var id = readId();
        if (id.isEmpty()) {
            jdbc.sql("""
                            -- Feed.makeId
                            UPDATE feed_state SET id = :id WHERE id = ''""").param("id", UUID.randomUUID().toString()).update();
            id = readId();
        }
        return id;
    }

    private String readId() {
        return jdbc.sql("""
                        -- Feed.id
                        SELECT id FROM feed_state""").query(String.class).single();
    }
}
