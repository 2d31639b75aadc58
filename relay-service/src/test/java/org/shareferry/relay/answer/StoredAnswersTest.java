// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Header;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.relay.QuotaUsage;
import org.shareferry.relay.answer.StoredAnswers.Outcome;
import org.shareferry.relay.answer.StoredAnswers.Upload;
import org.shareferry.relay.fixture.RequestedInput;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers to requests on a real database, with several replicas of the relay.
class StoredAnswersTest {
    static final MemberName C0 = MemberName.client(0);
    private static final Duration AGE = Duration.ofHours(1);
    private static final int QUOTA = 1 << 20;

    private final SettableClock clock = new SettableClock();
    private final IdentityKey identity = IdentityKey.generate();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void migrate() {
        TestDatabase.migrate(source(), "latest");
    }

    final DataSource source() {
        return TestDatabase.source(folder.resolve("relay.db"));
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(source());
    }

    private static RelayProperties properties() {
        return new Binder(new MapConfigurationPropertySource(Map.of("shareferry.relay.quota", QUOTA + "B")))
                .bind("shareferry.relay", RelayProperties.class)
                .get();
    }

    private static SharedCommits commits(DataSource source) {
        return new SharedCommits(new TransactionTemplate(new DataSourceTransactionManager(source)));
    }

    /// What one replica has.
    final StoredAnswers store() {
        var source = source();
        var jdbc = JdbcClient.create(source);
        return new StoredAnswers(jdbc, commits(source), new CommitSignal(), new QuotaUsage(jdbc, properties()), clock);
    }

    final AnswerRemoval removal() {
        var source = source();
        var jdbc = JdbcClient.create(source);
        return new AnswerRemoval(jdbc, commits(source), new QuotaUsage(jdbc, properties()), clock);
    }

    /// A request of which the relay has an envelope.
    final RequestedInput request() {
        var request = RequestedInput.to(C0, identity, new Shape(4, 2));
        var facts = request.facts();
        var header = new Header(
                facts,
                new Place(Kind.VALUES, 0),
                facts.parties().getFirst(),
                identity.publicKey().id(),
                OpeningKey.generate().sealingKey().id(),
                clock.instant());
        jdbc().sql("""
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        VALUES (:key, :id, 'C0', :header, 1, 1, 1, :expires)""")
                .param("key", facts.key().toString())
                .param("id", facts.id().toString())
                .param("header", header.encode().toArray())
                .param("expires", clock.millis())
                .update();
        return request;
    }

    private static Upload upload(RequestedInput request) {
        return Upload.of(request.facts().key(), C0);
    }

    private Outcome complete(RequestedInput request, Bytes masked, SignedInputStatement signed) {
        return store().complete(upload(request), 0, masked, masked.size(), signed);
    }

    final long used() {
        return jdbc().sql("SELECT COALESCE(SUM(bytes), 0) FROM usage")
                .query(Long.class)
                .single();
    }

    @Test
    void an_answer_is_visible_when_all_its_parts_are_stored() {
        var request = request();
        var key = request.facts().key();
        var upload = upload(request);
        var masked = request.masked(1);
        var first = Bytes.ofRange(masked.toArray(), 0, 20);
        var last = Bytes.ofRange(masked.toArray(), 20, masked.size());

        assertThat(store().add(upload, 0, first)).isTrue();
        assertThat(store().find(key)).isEmpty();
        assertThat(store().masked(key)).isEmpty();
        assertThat(store().complete(upload, 1, last, masked.size(), request.given(masked)))
                .isEqualTo(Outcome.STORED);

        var stored = store().masked(key).orElseThrow();
        assertThat(store().request(key).orElseThrow().facts()).isEqualTo(request.facts());
        assertThat(store().find(key)).contains(request.given(masked));
        assertThat(stored.size()).isEqualTo(masked.size());
        assertThat(store().part(stored, 0)).contains(first);
        assertThat(store().part(stored, 1)).contains(last);
        assertThat(store().part(stored, 2)).isEmpty();
        assertThat(used()).isEqualTo(masked.size());
    }

    @Test
    void a_second_answer_is_stored_as_evidence() {
        var request = request();
        var key = request.facts().key();
        var masked = request.masked(1);
        var other = request.masked(2);
        complete(request, masked, request.given(masked));

        assertThat(complete(request, masked, request.given(masked))).isEqualTo(Outcome.STORED_BEFORE);
        assertThat(complete(request, other, request.given(other))).isEqualTo(Outcome.DIFFERS);
        assertThat(store().differs(key, request.refused())).isEqualTo(Outcome.DIFFERS);

        assertThat(store().find(key)).contains(request.given(masked));
        assertThat(store().evidence(key)).as("the first other one").contains(request.given(other));
        assertThat(store().part(store().masked(key).orElseThrow(), 0)).contains(masked);
    }

    @Test
    void two_replicas_store_only_one_of_two_concurrent_answers() throws Exception {
        for (int round = 0; round < 10; round++) {
            var request = request();
            var key = request.facts().key();
            var begin = new CyclicBarrier(2);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var outcomes = List.of(1, 2).stream()
                        .map(request::masked)
                        .map(masked -> threads.submit(() -> {
                            begin.await();
                            return complete(request, masked, request.given(masked));
                        }))
                        .toList();

                assertThat(List.of(outcomes.getFirst().get(), outcomes.getLast().get()))
                        .as("round " + round)
                        .containsExactlyInAnyOrder(Outcome.STORED, Outcome.DIFFERS);

                int winner = outcomes.getFirst().get() == Outcome.STORED ? 1 : 2;
                assertThat(store().find(key)).contains(request.given(request.masked(winner)));
                assertThat(store().evidence(key)).contains(request.given(request.masked(3 - winner)));
                assertThat(store().part(store().masked(key).orElseThrow(), 0)).contains(request.masked(winner));
            }
        }
    }

    @Test
    void a_client_cannot_exceed_its_quota() {
        var request = request();
        var upload = upload(request);
        var half = Bytes.of(new byte[QUOTA / 2]);
        store().add(upload, 0, half);
        store().add(upload, 1, half);

        assertThat(store().add(upload, 2, Bytes.of((byte) 1))).isFalse();
        assertThat(complete(request, request.masked(1), request.given(request.masked(1))))
                .isEqualTo(Outcome.QUOTA_USED_UP);
        assertThat(store().find(request.facts().key())).isEmpty();

        removal().drop(upload.id());
        assertThat(used()).isZero();
    }

    @Test
    void an_abandoned_upload_is_deleted_and_an_answer_is_not() {
        var left = upload(request());
        for (int index = 0; index < 25; index++) {
            store().add(left, index, Bytes.of(new byte[10]));
        }
        var answered = request();
        complete(answered, answered.masked(1), answered.given(answered.masked(1)));
        assertThat(removal().abandoned(AGE)).as("too early").isEmpty();
        clock.advance(AGE.plusMillis(1));

        assertThat(removal().abandoned(AGE)).containsExactly(left.id());
        removal().drop(left.id());
        removal().drop(left.id());

        assertThat(removal().abandoned(AGE)).isEmpty();
        assertThat(used()).as("of the answer").isEqualTo(answered.masked(1).size());
        assertThat(store().masked(answered.facts().key())).isPresent();
    }

    @Test
    void a_second_answer_is_evidence_after_the_masked_values_are_released() {
        var request = request();
        var key = request.facts().key();
        var masked = request.masked(1);
        var other = request.masked(2);
        complete(request, masked, request.given(masked));
        clock.advance(Duration.ofDays(1));
        assertThat(removal().releaseSome(Duration.ofDays(1))).as("too early").isFalse();
        clock.advance(Duration.ofMillis(1));

        assertThat(removal().releaseSome(Duration.ofDays(1))).isTrue();

        assertThat(removal().releaseSome(Duration.ofDays(1))).isFalse();
        assertThat(store().masked(key)).isEmpty();
        assertThat(used()).isZero();
        assertThat(complete(request, masked, request.given(masked))).isEqualTo(Outcome.STORED_BEFORE);
        assertThat(complete(request, other, request.given(other))).isEqualTo(Outcome.DIFFERS);
        assertThat(store().find(key)).contains(request.given(masked));
    }

    @Test
    void a_received_request_without_an_answer_is_unanswered() {
        var open = request();
        var answered = request();
        var undelivered = request();
        var expired = request();
        for (var delivered : List.of(open, answered, expired)) {
            jdbc().sql("""
                            INSERT INTO bundle (delivery, kind, idx, recipient, state, receipt_number, made, changed,
                                expires)
                            VALUES (:key, 0, 0, 'C0', 'received', 1, 1, 1, 1)""").param("key", delivered.facts().key().toString()).update();
        }
        complete(answered, answered.masked(1), answered.given(answered.masked(1)));
        jdbc().sql("UPDATE delivery SET expired = TRUE WHERE id = :key")
                .param("key", expired.facts().key().toString())
                .update();

        assertThat(store().unanswered(C0)).containsExactly(open.facts().key());
        assertThat(store().unanswered(MemberName.client(1))).isEmpty();
        assertThat(store().find(undelivered.facts().key())).isEmpty();
    }

    @Test
    void the_position_in_a_clients_list_is_stored() {
        assertThat(store().read(C0)).isZero();

        store().read(C0, 17);
        store().read(C0, 18);

        assertThat(store().read(C0)).isEqualTo(18);
        assertThat(store().read(MemberName.client(1))).isZero();
    }
}
