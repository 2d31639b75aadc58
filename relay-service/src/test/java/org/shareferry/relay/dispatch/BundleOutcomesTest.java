// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.P0;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.assembly.BundleStore;
import org.shareferry.relay.assembly.BundleStore.Refusal;
import org.shareferry.relay.dispatch.BundleOutcomes.NoOutcome;
import org.shareferry.relay.dispatch.BundleOutcomes.RefusedFinally;
import org.shareferry.relay.dispatch.BundleOutcomes.RefusedForNow;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;
import org.shareferry.relay.dispatch.ReceiptVerifier.VerifiedReceipt;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.feed.FeedEntry;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// What is stored and reported when bundles have outcomes.
@DisplayNameGeneration(ReplaceUnderscores.class)
class BundleOutcomesTest {
    private static final SignedReceipt RECEIPT = new SignedReceipt(Bytes.ascii("receipt"), Bytes.ascii("signature"));
    private static final Refusal WHY = new Refusal("urn:x", "C0 refused it: so.", "C0");

    private final SettableClock clock = new SettableClock();
    private final JdbcClient jdbc;
    private final DispatchStore bundles;
    private final Feed feed;
    private final BundleOutcomes outcomes;

    BundleOutcomesTest(@TempDir Path folder) {
        var source = TestDatabase.migrated(folder.resolve("relay.db"));
        jdbc = JdbcClient.create(source);
        var meters = new SimpleMeterRegistry();
        var rows = new ReadableRows(meters);
        var properties = new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("shareferry.relay", RelayProperties.class);
        bundles = new DispatchStore(jdbc, rows, clock);
        feed = new Feed(jdbc, new CommitNumbers(jdbc, new CommitSignal()), rows, Clock.systemUTC());
        var held = new HeldBundleStore(jdbc, clock, properties);
        var assembled = new BundleStore(jdbc, clock);
        outcomes = new BundleOutcomes(
                assembled,
                bundles,
                held,
                feed,
                new SharedCommits(new TransactionTemplate(new DataSourceTransactionManager(source))),
                new PushMeters(meters, assembled, bundles, held),
                properties,
                clock);
    }

    /// A delivery of P0 and P1 with a bundle for each place.
    private List<BundleKey> delivery(String... states) {
        DeliveryKey key = Draft.delivery().key();
        jdbc.sql("""
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        VALUES (:id, :deliveryId, 'C0', :header, :places, 1, 1, 1)""")
                .param("id", key.toString())
                .param("deliveryId", key.id().toString())
                .param("header", new byte[1])
                .param("places", states.length)
                .update();
        jdbc.sql("INSERT INTO delivery_party (delivery, party, stored) VALUES (:id, 'P0', 1)")
                .param("id", key.toString())
                .update();
        for (int idx = 0; idx < states.length; idx++) {
            jdbc.sql("""
                            INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, expires)
                            VALUES (:id, 0, :idx, 'C0', :state, :now, 1, :expires)""")
                    .param("id", key.toString())
                    .param("idx", idx)
                    .param("state", states[idx])
                    .param("now", clock.millis())
                    .param("expires", clock.millis() + Duration.ofDays(7).toMillis())
                    .update();
        }
        return Stream.iterate(0, idx -> idx + 1)
                .limit(states.length)
                .map(idx -> new BundleKey(key, new Place(Kind.VALUES, idx)))
                .toList();
    }

    private String states(List<BundleKey> keys) {
        return String.join(
                " ",
                jdbc.sql("SELECT state FROM bundle WHERE delivery = :id ORDER BY idx")
                        .param("id", keys.getFirst().delivery().toString())
                        .query(String.class)
                        .list());
    }

    private List<State> events() {
        return feed.page(P0, 0, 100).entries().stream().map(FeedEntry::state).toList();
    }

    private List<Waiting> due() {
        return bundles.waitingFor(C0, 10);
    }

    @Test
    void a_receipt_for_several_places_is_one_feed_entry() {
        var keys = delivery("waiting", "waiting", "waiting");

        outcomes.store(List.of(new VerifiedReceipt(RECEIPT, keys.subList(0, 2))), List.of());
        outcomes.store(List.of(new VerifiedReceipt(RECEIPT, keys.subList(0, 2))), List.of());

        assertThat(states(keys)).isEqualTo("received received waiting");
        assertThat(feed.page(P0, 0, 100).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.receipt()).contains(RECEIPT));
        assertThat(bundles.isReceived(keys.getFirst().delivery())).isFalse();
        outcomes.store(List.of(new VerifiedReceipt(RECEIPT, keys)), List.of());
        assertThat(bundles.isReceived(keys.getFirst().delivery())).isTrue();
    }

    @Test
    void a_receipt_overrides_an_expiry_but_not_a_refusal() {
        var keys = delivery("expired", "refused");

        outcomes.store(List.of(new VerifiedReceipt(RECEIPT, keys)), List.of());

        assertThat(states(keys)).isEqualTo("received refused");
        assertThat(events()).containsExactly(State.RECEIPT);
    }

    @Test
    void each_outcome_of_a_request_is_stored_for_its_bundle() {
        var keys = delivery("waiting", "waiting", "waiting");

        outcomes.store(
                List.of(new VerifiedReceipt(RECEIPT, keys.subList(0, 1))),
                List.of(new RefusedFinally(keys.get(1), WHY), new RefusedForNow(keys.get(2), WHY)));

        assertThat(states(keys)).isEqualTo("received refused held");
        assertThat(events()).containsExactlyInAnyOrder(State.RECEIPT, State.REFUSED, State.HELD);
    }

    @Test
    void the_last_received_held_bundle_is_reported() {
        var keys = delivery("held", "held");

        outcomes.store(List.of(new VerifiedReceipt(RECEIPT, keys.subList(0, 1))), List.of());
        assertThat(events()).containsExactly(State.RECEIPT);
        outcomes.store(List.of(new VerifiedReceipt(RECEIPT, keys.subList(1, 2))), List.of());

        assertThat(events()).containsExactly(State.RECEIPT, State.RECEIPT, State.RELEASED);
    }

    @Test
    void a_bundle_without_outcome_waits_as_long_as_its_age() {
        delivery("waiting");
        var bundle = due().getFirst();

        outcomes.store(List.of(), List.of(new NoOutcome(bundle)));
        assertThat(due()).isEmpty();
        clock.advance(Duration.ofMillis(500));
        assertThat(due()).hasSize(1);

        clock.advance(Duration.ofSeconds(19).plusMillis(500));
        outcomes.store(List.of(), List.of(new NoOutcome(bundle)));
        clock.advance(Duration.ofSeconds(19));
        assertThat(due()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(due()).hasSize(1);

        clock.advance(Duration.ofHours(5));
        outcomes.store(List.of(), List.of(new NoOutcome(bundle)));
        clock.advance(Duration.ofMinutes(1));
        assertThat(due()).hasSize(1);
    }
}
