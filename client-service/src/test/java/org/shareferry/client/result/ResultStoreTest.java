// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.result.ResultStore.Change;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Results as they are read from the database.
class ResultStoreTest {
    private static final KeyId KEY = new KeyId(Bytes.of(new byte[Sha256.SIZE]));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static final ResultFilter OLDEST = filter("", "", "oldest");

    private static ResultFilter filter(String label, String state, String order) {
        return ResultFilter.parse(
                label.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(label)),
                Optional.empty(),
                Optional.empty(),
                state.isEmpty() ? Optional.empty() : Optional.of(state),
                Optional.empty(),
                order);
    }

    private static ResultFilter of(DeliveryFacts facts) {
        return ResultFilter.parse(
                Optional.empty(),
                Optional.of(facts.partySet()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "newest");
    }

    private static ResultCursor next(List<Result> page) {
        return ResultCursor.parse(ResultCursor.next(page, 1).orElseThrow());
    }

    private static JdbcClient database(Path folder) {
        var source = TestDatabase.migrated(folder.resolve("client.db"));
        return JdbcClient.create(source);
    }

    private static byte[] header(DeliveryFacts facts) {
        var sender = facts.parties().getFirst();
        return new Header(facts, new Place(Kind.VALUES, 0), sender, KEY, KEY, SettableClock.START)
                .encode()
                .toArray();
    }

    private static void insert(JdbcClient jdbc, String id, String key, int change, byte[] header) {
        jdbc.sql("INSERT INTO delivery (id, delivery_id, header, place_count, received, state, first_seen, changed,"
                        + " expires, change_number) VALUES (:key, :id, :header, 2, 0, 'receiving', 1, 1, 9, :change)")
                .param("change", change)
                .param("key", key)
                .param("id", id)
                .param("header", header)
                .update();
    }

    @Test
    void a_result_that_cannot_be_read_is_left_out_of_lists_and_counted(@TempDir Path folder) {
        var jdbc = database(folder);
        var store = new ResultStore(jdbc, new ReadableRows(meters));
        var good = TestDelivery.facts(Scheme.ADDITIVE, 2);
        insert(jdbc, "0-of-another-version", "0-of-another-version", 1, new byte[] {1});
        insert(jdbc, good.id().toString(), good.key().toString(), 2, header(good));

        assertThat(store.page(OLDEST, ResultCursor.start(false), 1))
                .extracting(Result::id)
                .isEqualTo(List.of(good.id()));
        assertThat(store.changesAfter(0, 2)).extracting(Change::number).containsExactly(1L, 2L);
        assertThat(store.changesAfter(1, 2))
                .extracting(change -> change.result().map(Result::id))
                .containsExactly(Optional.of(good.id()));
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(2);
    }

    /// The client's own configuration may have named other parties before.
    @Test
    void results_of_two_party_sets_with_one_id_are_told_apart(@TempDir Path folder) {
        var jdbc = database(folder);
        var store = new ResultStore(jdbc, new ReadableRows(meters));
        var two = TestDelivery.facts(Scheme.ADDITIVE, 2);
        var three = withParties(two, List.of(TestMembers.P0, TestMembers.P1, TestMembers.P2));
        insert(jdbc, two.id().toString(), two.key().toString(), 1, header(two));
        insert(jdbc, three.id().toString(), three.key().toString(), 2, header(three));

        assertThat(store.seen(two.id(), Optional.of(three.partySet())).only()).isEqualTo(three.key());
        assertThat(store.get(three.key()).result().parties()).isEqualTo(three.parties());
        assertThatThrownBy(() -> store.seen(two.id(), Optional.empty()).only()).isInstanceOf(ProblemException.class);

        var first = store.page(OLDEST, ResultCursor.start(false), 1);
        var second = store.page(OLDEST, next(first), 1);
        assertThat(first).extracting(Result::parties).containsExactly(two.parties());
        assertThat(second).extracting(Result::parties).containsExactly(three.parties());
    }

    @Test
    void lists_begin_with_the_newest_or_the_oldest_and_have_only_what_is_asked_for(@TempDir Path folder) {
        var jdbc = database(folder);
        var store = new ResultStore(jdbc, new ReadableRows(meters));
        var facts = TestDelivery.facts(Scheme.ADDITIVE, 2);
        var three = withParties(facts, List.of(TestMembers.P0, TestMembers.P1, TestMembers.P2));
        insert(jdbc, facts.id().toString(), facts.key().toString(), 1, header(facts));
        insert(jdbc, three.id().toString(), three.key().toString(), 2, header(three));
        jdbc.sql("UPDATE delivery SET first_seen = 5, label = -3, state = 'expired' WHERE id = :id")
                .param("id", facts.key().toString())
                .update();

        assertThat(keys(store, filter("", "", "newest"))).containsExactly(facts.key(), three.key());
        assertThat(keys(store, filter("", "", "oldest"))).containsExactly(three.key(), facts.key());
        assertThat(keys(store, filter("-3", "", "newest"))).containsExactly(facts.key());
        assertThat(keys(store, filter("", "receiving", "newest"))).containsExactly(three.key());
        assertThat(keys(store, filter("1", "", "newest"))).isEmpty();
        assertThat(keys(store, of(facts))).containsExactly(facts.key());
        assertThat(keys(store, of(three))).containsExactly(three.key());
        var first = store.page(filter("", "", "newest"), ResultCursor.start(true), 1);
        assertThat(store.page(filter("", "", "newest"), next(first), 1))
                .extracting(Result::key)
                .containsExactly(three.key());
    }

    private static List<DeliveryKey> keys(ResultStore store, ResultFilter filter) {
        return store.page(filter, ResultCursor.start(filter.isNewestFirst()), 10).stream()
                .map(Result::key)
                .toList();
    }

    private static DeliveryFacts withParties(DeliveryFacts facts, List<MemberName> parties) {
        return new DeliveryFacts(
                facts.id(),
                facts.shape(),
                facts.domain(),
                facts.scheme(),
                facts.precision(),
                facts.label(),
                facts.recipient(),
                parties,
                facts.protocol(),
                facts.macsChecked(),
                facts.rerandomised(),
                facts.threshold(),
                facts.bits(),
                facts.program());
    }
}
