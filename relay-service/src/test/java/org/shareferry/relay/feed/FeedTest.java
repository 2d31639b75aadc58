// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;
import static org.shareferry.relay.fixture.World.P2;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.relay.feed.FeedEntry.Why;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The events that parties read, and their order.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FeedTest {
    private static final SignedReceipt RECEIPT = new SignedReceipt(Bytes.ascii("receipt"), Bytes.ascii("signature"));

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Feed feed;

    FeedTest(@TempDir Path folder) {
        var source = TestDatabase.migrated(folder.resolve("relay.db"));
        jdbc = JdbcClient.create(source);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
        feed = new Feed(
                jdbc,
                new CommitNumbers(jdbc, new CommitSignal()),
                new ReadableRows(new SimpleMeterRegistry()),
                Clock.systemUTC());
    }

    @Test
    void numbers_continue_beyond_those_that_a_restored_database_lacks() {
        var clock = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
        var begun = new Feed(
                jdbc, new CommitNumbers(jdbc, new CommitSignal()), new ReadableRows(new SimpleMeterRegistry()), clock);

        begun.begin();
        assertThat(begun.isKnown(Optional.empty(), 1_800_000_000_000_000L)).isTrue();
        assertThat(begun.isKnown(Optional.empty(), 1_800_000_000_000_001L)).isFalse();

        jdbc.sql("UPDATE change_counter SET last = last + 7").update();
        begun.begin();
        assertThat(begun.isKnown(Optional.empty(), 1_800_000_000_000_007L)).isTrue();
    }

    private DeliveryKey delivery(MemberName... parties) {
        var key = Draft.delivery(World.C0, parties).key();
        jdbc.sql("""
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        VALUES (:id, :deliveryId, 'C0', :header, 1, 1, 1, 1)""")
                .param("id", key.toString())
                .param("deliveryId", key.id().toString())
                .param("header", new byte[1])
                .update();
        for (var party : parties) {
            jdbc.sql("INSERT INTO delivery_party (delivery, party, stored) VALUES (:id, :party, 1)")
                    .param("id", key.toString())
                    .param("party", party.toString())
                    .update();
        }
        return key;
    }

    private void note(DeliveryKey delivery, State state) {
        transaction.executeWithoutResult(status -> feed.note(delivery.toString(), state));
    }

    private List<Long> numbers(MemberName party, long after, int limit) {
        return feed.page(party, after, limit).entries().stream()
                .map(FeedEntry::number)
                .toList();
    }

    @Test
    void a_party_reads_the_events_of_its_own_deliveries_in_order() {
        var shared = delivery(P0, P1);
        var others = delivery(P1, P2);
        transaction.executeWithoutResult(status -> {
            feed.note(shared.toString(), State.BUNDLED);
            feed.note(others, State.HELD, new Why("urn:x", "It says why."));
        });
        var kept = new ArrayList<Long>();
        transaction.executeWithoutResult(status -> feed.keep(shared, RECEIPT, kept::add));

        var page = feed.page(P0, 0, 10);

        assertThat(page.complete()).isEqualTo(3);
        assertThat(kept).containsExactly(3L);
        assertThat(page.entries())
                .containsExactly(
                        new FeedEntry(1, shared.id(), "P0,P1", State.BUNDLED, Optional.empty(), Optional.empty()),
                        new FeedEntry(3, shared.id(), "P0,P1", State.RECEIPT, Optional.of(RECEIPT), Optional.empty()));
        assertThat(feed.page(P2, 0, 10).entries())
                .extracting(FeedEntry::problem)
                .containsExactly(Optional.of(new Why("urn:x", "It says why.")));
        assertThat(numbers(P1, 1, 10)).containsExactly(2L, 3L);
    }

    @Test
    void a_party_continues_after_its_last_entry_and_skips_those_of_others() {
        var own = delivery(P0, P1);
        var others = delivery(P1, P2);
        for (int i = 0; i < 3; i++) {
            note(own, State.HELD);
            note(others, State.HELD);
        }

        var first = feed.page(P0, 0, 2);

        assertThat(first.entries()).extracting(FeedEntry::number).containsExactly(1L, 3L);
        assertThat(first.complete()).isEqualTo(3);
        assertThat(feed.page(P0, 3, 2).complete()).isEqualTo(6);
        assertThat(feed.page(P0, 6, 2).entries()).isEmpty();
        assertThat(feed.page(P0, 6, 2).complete()).isEqualTo(6);
    }

    @Test
    void a_page_has_limited_bytes_and_at_least_one_entry() {
        var own = delivery(P0, P1);
        var large = new SignedReceipt(Bytes.of(new byte[700 << 10]), Bytes.empty());
        for (int i = 0; i < 3; i++) {
            transaction.executeWithoutResult(status -> feed.keep(own, large, number -> {}));
        }

        assertThat(numbers(P0, 0, 10)).containsExactly(1L);
        assertThat(feed.page(P0, 0, 10).complete()).isEqualTo(1);
        assertThat(numbers(P0, 2, 10)).containsExactly(3L);
    }

    @Test
    void a_rolled_back_entry_is_not_reported_and_uses_no_number() {
        var own = delivery(P0, P1);
        transaction.executeWithoutResult(status -> {
            feed.note(own.toString(), State.HELD);
            status.setRollbackOnly();
        });
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> feed.keep(own, RECEIPT, number -> {
                    throw new IllegalStateException("broken");
                })))
                .hasMessage("broken");

        note(own, State.EXPIRED);

        assertThat(numbers(P0, 0, 10)).containsExactly(1L);
    }

    @Test
    void a_different_feed_or_a_number_beyond_the_end_is_unknown() {
        var id = Optional.of(feed.id());
        note(delivery(P0, P1), State.HELD);

        assertThat(feed.id()).isEqualTo(id.get()).isNotEmpty();
        assertThat(feed.isKnown(id, 0)).isTrue();
        assertThat(feed.isKnown(Optional.empty(), 1)).isTrue();
        assertThat(feed.isKnown(id, 1)).isTrue();
        assertThat(feed.isKnown(id, 2)).isFalse();
        assertThat(feed.isKnown(Optional.of("another"), 0)).isFalse();
    }

    @Test
    void a_party_can_start_at_0_after_a_delivery_was_deleted() {
        var young = delivery(P0, P1);
        note(young, State.HELD);
        note(young, State.RECEIPT);
        var old = delivery(P0, P1);
        note(old, State.EXPIRED);
        note(young, State.RELEASED);
        jdbc.sql("DELETE FROM delivery WHERE id = :id")
                .param("id", old.toString())
                .update();

        var read = new ArrayList<Long>();
        long after = 0;
        for (var page = feed.page(P0, after, 1); !page.entries().isEmpty(); page = feed.page(P0, after, 1)) {
            page.entries().forEach(entry -> read.add(entry.number()));
            after = page.complete();
            assertThat(feed.isKnown(Optional.of(page.feed()), after)).isTrue();
        }

        assertThat(read).containsExactly(1L, 2L, 4L);
    }
}
