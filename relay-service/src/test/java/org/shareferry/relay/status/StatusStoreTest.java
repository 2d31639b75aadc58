// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.relay.fixture.Database;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.World;
import org.shareferry.relay.status.DeliveryStep.Step;
import org.shareferry.relay.status.StatusStore.Which;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.web.DeliveryCursor;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deliveries as they are read from the database.
class StatusStoreTest {
    private static final KeyId KEY = new KeyId(Bytes.of(new byte[Sha256.SIZE]));

    private static byte[] header(DeliveryFacts facts) {
        return new Header(facts, new Place(Kind.VALUES, 0), World.P0, KEY, KEY, SettableClock.START)
                .encode()
                .toArray();
    }

    private static void insert(JdbcClient jdbc, String id, String key, byte[] header) {
        jdbc.sql("INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,"
                        + " expires) VALUES (:key, :id, 'C0', :header, 2, 1, 1, 9)")
                .param("key", key)
                .param("id", id)
                .param("header", header)
                .update();
    }

    @Test
    void an_unreadable_delivery_is_left_out_of_lists(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var meters = new SimpleMeterRegistry();
        var store = new StatusStore(jdbc, new ReadableRows(meters), new SettableClock());
        var good = Draft.delivery();
        var bad = "00000000000000070000000000000000-1000000000000000000";
        insert(jdbc, bad, bad + ",P0,P1", new byte[] {1});
        insert(jdbc, good.id().toString(), good.key().toString(), header(good));
        var start = DeliveryCursor.parse("");

        assertThat(store.page(Optional.empty(), Which.ALL, start, 1))
                .extracting(DeliveryStatus::id)
                .containsExactly(good.id());
        assertThat(store.page(Optional.of(World.C0), Which.ALL, start, 1))
                .extracting(DeliveryStatus::id)
                .containsExactly(good.id());
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(2);
    }

    @Test
    void a_delivery_with_an_unreadable_refusal_is_left_out_of_lists(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var meters = new SimpleMeterRegistry();
        var store = new StatusStore(jdbc, new ReadableRows(meters), new SettableClock());
        var good = Draft.delivery();
        var bad = Draft.delivery();
        for (var facts : List.of(good, bad)) {
            insert(jdbc, facts.id().toString(), facts.key().toString(), header(facts));
        }
        jdbc.sql("INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, refusal_members)"
                        + " VALUES (:key, 0, 0, 'C0', 'refused', 1, 1, 'nobody')")
                .param("key", bad.key().toString())
                .update();

        assertThat(store.page(Optional.empty(), Which.ALL, DeliveryCursor.parse(""), 2))
                .extracting(DeliveryStatus::id)
                .containsExactly(good.id());
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(1);
    }

    private static void party(JdbcClient jdbc, DeliveryFacts facts, String party) {
        jdbc.sql("INSERT INTO delivery_party (delivery, delivery_id, party, stored) VALUES (:key, :id, :party, 0)")
                .param("key", facts.key().toString())
                .param("id", facts.id().toString())
                .param("party", party)
                .update();
    }

    @Test
    void a_party_sees_its_deliveries_in_order_page_by_page(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var store = new StatusStore(jdbc, new ReadableRows(new SimpleMeterRegistry()), new SettableClock());
        var all = Stream.generate(Draft::delivery)
                .limit(5)
                .sorted(Comparator.comparing(facts -> facts.id().toString()))
                .toList();
        for (int i = 0; i < 5; i++) {
            insert(jdbc, all.get(i).id().toString(), all.get(i).key().toString(), header(all.get(i)));
            party(jdbc, all.get(i), i == 2 ? "P1" : "P0");
        }

        var seen = new ArrayList<DeliveryId>();
        var cursor = DeliveryCursor.parse("");
        for (int page = 0; page < 3; page++) {
            for (var status : store.page(Optional.of(World.P0), Which.ALL, cursor, 2)) {
                seen.add(status.id());
                cursor = DeliveryCursor.parse(status.id() + ",P0,P1");
            }
        }

        assertThat(seen)
                .containsExactly(
                        all.get(0).id(),
                        all.get(1).id(),
                        all.get(3).id(),
                        all.get(4).id());
        assertThat(store.page(
                        Optional.of(World.P0),
                        Which.ALL,
                        DeliveryCursor.parse(all.get(1).id().toString()),
                        9))
                .hasSize(2);
    }

    private static void collecting(JdbcClient jdbc, DeliveryFacts facts, int index, long since) {
        jdbc.sql("INSERT INTO collecting (delivery, kind, idx, since) VALUES (:key, 0, :index, :since)")
                .param("key", facts.key().toString())
                .param("index", index)
                .param("since", since)
                .update();
    }

    private static void bundle(JdbcClient jdbc, DeliveryFacts facts, int index, String state, long changed) {
        jdbc.sql("INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, refusal_members)"
                        + " VALUES (:key, 0, :index, 'C0', :state, 4, :changed, 'C0')")
                .param("key", facts.key().toString())
                .param("index", index)
                .param("state", state)
                .param("changed", changed)
                .update();
    }

    @Test
    void a_delivery_is_under_way_while_something_waits(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var store = new StatusStore(jdbc, new ReadableRows(new SimpleMeterRegistry()), new SettableClock());
        var all = Stream.generate(Draft::delivery).limit(4).toList();
        for (var facts : all) {
            insert(jdbc, facts.id().toString(), facts.key().toString(), header(facts));
            party(jdbc, facts, "P0");
        }
        collecting(jdbc, all.get(0), 1, 7);
        collecting(jdbc, all.get(0), 0, 5);
        bundle(jdbc, all.get(1), 0, "waiting", 4);
        bundle(jdbc, all.get(2), 0, "held", 6);
        bundle(jdbc, all.get(3), 0, "received", 6);

        for (var viewer : List.of(Optional.<MemberName>empty(), Optional.of(World.P0), Optional.of(World.C0))) {
            assertThat(store.page(viewer, Which.UNDER_WAY, DeliveryCursor.parse(""), 9))
                    .extracting(DeliveryStatus::id)
                    .containsExactlyInAnyOrder(
                            all.get(0).id(), all.get(1).id(), all.get(2).id());
        }
        var first = store.get(all.getFirst().key());
        assertThat(first.waitingSince()).contains(Instant.ofEpochMilli(5));
        assertThat(first.expires()).isEqualTo(Instant.ofEpochMilli(9));
        assertThat(store.get(all.getLast().key()).waitingSince()).isEmpty();
    }

    @Test
    void a_timeline_has_the_first_and_last_time_of_each_step(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var store = new StatusStore(jdbc, new ReadableRows(new SimpleMeterRegistry()), new SettableClock());
        var facts = Draft.delivery();
        insert(jdbc, facts.id().toString(), facts.key().toString(), header(facts));
        for (int index = 0; index < 2; index++) {
            jdbc.sql("INSERT INTO envelope (delivery, kind, idx, sender, id, size, stored)"
                            + " VALUES (:key, 0, :index, 'P0', :id, 1, :stored)")
                    .param("key", facts.key().toString())
                    .param("index", index)
                    .param("id", new byte[] {(byte) index})
                    .param("stored", 1 + index)
                    .update();
        }
        bundle(jdbc, facts, 0, "received", 6);
        bundle(jdbc, facts, 1, "held", 5);

        assertThat(store.timeline(facts.key()))
                .containsExactly(
                        step(Step.STORED, Optional.of(World.P0), 2, 1, 2),
                        step(Step.BUNDLED, Optional.empty(), 2, 4, 4),
                        step(Step.HELD, Optional.empty(), 1, 5, 5),
                        step(Step.RECEIVED, Optional.empty(), 1, 6, 6));
    }

    private static DeliveryStep step(Step step, Optional<MemberName> member, long count, long first, long last) {
        return new DeliveryStep(step, member, count, Instant.ofEpochMilli(first), Instant.ofEpochMilli(last));
    }

    /// What the rows of others cost would show as a scan, or as a sort.
    @Test
    void a_members_page_is_read_from_an_index(@TempDir Path folder) {
        var jdbc = Database.in(folder);

        for (var viewer : List.of(World.P0, World.C0)) {
            var plan = jdbc.sql("EXPLAIN QUERY PLAN " + StatusStore.pageFor(Optional.of(viewer), Which.ALL))
                    .param("viewer", viewer.toString())
                    .param("id", "a")
                    .param("key", "b")
                    .param("limit", 20)
                    .param("skip", 0)
                    .query((row, number) -> row.getString("detail"))
                    .list();
            assertThat(plan)
                    .anyMatch(line -> line.matches(
                            "SEARCH \\w+ USING (COVERING )?INDEX delivery_(party|recipient)_page \\(\\w+=\\? AND"
                                    + " delivery_id>\\?\\).*"))
                    .noneMatch(line -> line.matches("SCAN (d|delivery|delivery_party).*"));
        }
    }
}
