// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.party.HandOverBody;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.fixture.TestSettings;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.PartyProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The stores of one instance of the service, without the service.
public final class Stores {
    private static final Map<String, Map<String, String>> NEW_NAMES = Map.of(
            "envelope",
            Map.of("chunk", "idx", "envelope_id", "id", "content", "encoded"),
            "received_place",
            Map.of("chunk", "idx"));

    private static final MemberName P1 = MemberName.party(1);
    private static final MemberName C0 = MemberName.client(0);

    public final Outbox outbox;
    public final ReceiptStore receipts;
    public final Deliveries deliveries;
    public final SharedCommits commits;
    public final PartyProperties properties;
    public final IdentityKey identity = IdentityKey.generate();
    public final MeterRegistry meters = new SimpleMeterRegistry();
    final HandOverStore handOvers;
    final RetentionStore retention;
    final JdbcClient jdbc;
    private final DataSource source;
    private final SettableClock clock;
    private final OpeningKey client = OpeningKey.generate();

    /// @param folder of the database
    public Stores(Path folder, String instance, SettableClock clock) {
        this.clock = clock;
        source = TestDatabase.source(folder.resolve("party.db"));
        jdbc = JdbcClient.create(source);
        var transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        var rows = new ReadableRows(meters);
        commits = new SharedCommits(transactions);
        properties = bind("shareferry.party", PartyProperties.class, instance);
        handOvers = new HandOverStore(
                jdbc,
                rows,
                transactions,
                commits,
                bind("shareferry", ServiceProperties.class, instance),
                properties,
                clock);
        outbox = new Outbox(jdbc, clock);
        receipts = new ReceiptStore(jdbc, clock);
        deliveries = new Deliveries(jdbc, rows);
        retention = new RetentionStore(jdbc, transactions);
    }

    private static <T> T bind(String prefix, Class<T> type, String instance) {
        var settings = Map.of(
                "shareferry.member", "P1",
                "shareferry.roster", "roster.json",
                "shareferry.identity-key", "identity",
                "shareferry.party.protocol", "spdz2k",
                "shareferry.party.instance", instance,
                "shareferry.party.min-backoff", "10ms",
                "shareferry.party.max-backoff", "100ms");
        return TestSettings.binder(settings).bind(prefix, type).get();
    }

    /// @param version the last migration
    public void migrate(String version) {
        TestDatabase.flyway(source)
                .javaMigrations(new HeadersOfDeliveries())
                .outOfOrder(true)
                .target(version)
                .load()
                .migrate();
    }

    /// @return facts of a new delivery of P0 and P1
    static DeliveryFacts facts(Domain domain, Shape shape) {
        return new DeliveryFacts(
                HandOverBody.freshId(),
                shape,
                domain,
                Scheme.ADDITIVE,
                3,
                -9,
                C0,
                List.of(MemberName.party(0), P1),
                protocol(domain),
                false,
                true,
                1,
                0,
                Bytes.empty());
    }

    private static String protocol(Domain domain) {
        return switch (domain) {
            case Domain.PrimeField field -> "mascot";
            case Domain.Ring(int shareBits, int clearBits) -> shareBits > clearBits ? "spdz2k" : "semi2k";
        };
    }

    Header header(DeliveryFacts facts, Place place) {
        return new Header(
                facts, place, P1, identity.publicKey().id(), client.sealingKey().id(), clock.instant());
    }

    Envelope envelope(DeliveryFacts facts, Place place) throws CryptoException {
        var header = header(facts, place);
        try (var handOver = new EnvelopeSealer(P1, identity).begin(facts, client.sealingKey(), header.created())) {
            return handOver.seal(place, SecretBytes.random(header.bodySize()));
        }
    }

    /// Hands a delivery over.
    ///
    /// @param chunks of one value each
    public DeliveryFacts sealed(int chunks) throws CryptoException {
        var facts = facts(new Domain.Ring(128, 64), new Shape(chunks, 1));
        var draft = handOvers.draft(facts);
        for (int chunk = 0; chunk < chunks; chunk++) {
            assertThat(draft.add(envelope(facts, new Place(Kind.VALUES, chunk))))
                    .isTrue();
        }
        assertThat(draft.complete()).isTrue();
        return facts;
    }

    /// Changes a column of a delivery's row.
    public void spoil(DeliveryId id, String column, Object value) {
        jdbc.sql("UPDATE delivery SET " + column + " = :value WHERE id = :id")
                .param("value", value)
                .param("id", id.toString())
                .update();
    }

    /// Renames the columns of a database before version 1.140, because the stores know only the new names.
    public void toNewNames() {
        NEW_NAMES.forEach((table, names) -> names.forEach((old, now) -> rename(table, old, now)));
    }

    /// Undoes [#toNewNames] before migrations go on.
    public void toOldNames() {
        NEW_NAMES.forEach((table, names) -> names.forEach((old, now) -> rename(table, now, old)));
    }

    private void rename(String table, String from, String to) {
        jdbc.sql("ALTER TABLE " + table + " RENAME COLUMN " + from + " TO " + to)
                .update();
    }
}
