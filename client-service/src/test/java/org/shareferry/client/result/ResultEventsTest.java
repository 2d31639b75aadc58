// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.client.change.Changes;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.json.ShareferryModule;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// The numbers of changes and the event stream on a real database, with transactions that the test commits in the
/// order that it wants.
@Timeout(180)
class ResultEventsTest {
    private static final Pattern EVENT = Pattern.compile("event: result\nid: ([0-9]+)\ndata: \\{");
    private static final Bytes HEADER = header(TestDelivery.facts(Scheme.ADDITIVE, 1));

    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder = Path.of("");

    private AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @Configuration
    @EnableTransactionManagement
    static class Beans {
        @Bean
        DataSourceTransactionManager transactionManager(DataSource source) {
            return new DataSourceTransactionManager(source);
        }

        @Bean
        JdbcClient jdbc(DataSource source) {
            return JdbcClient.create(source);
        }
    }

    /// Waits for commits of this process alone, so that the tests see that nothing depends on looking now and then.
    private static final class OwnCommits extends CommitSignal {
        private volatile boolean looksNowAndThen;

        @Override
        public void await(int phase, Duration most) throws InterruptedException {
            super.await(phase, looksNowAndThen ? most : Duration.ofDays(1));
        }
    }

    @BeforeEach
    void start() {
        var source = TestDatabase.migrated(folder.resolve("client.db"));
        context.registerBean(DataSource.class, () -> source);
        context.registerBean(SettableClock.class, () -> clock);
        context.registerBean(
                JsonMapper.class,
                () -> JsonMapper.builder().addModule(new ShareferryModule()).build());
        context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
        context.registerBean(OwnCommits.class, OwnCommits::new);
        context.register(
                Beans.class,
                CommitNumbers.class,
                Changes.class,
                ReadableRows.class,
                ResultStore.class,
                ResultWriter.class,
                ResultEvents.class);
        context.refresh();
        // They begin at the time otherwise.
        JdbcClient.create(source).sql("UPDATE change_counter SET last = 0").update();
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private static Bytes header(DeliveryFacts facts) {
        var key = IdentityKey.generate().publicKey().id();
        var recipient = OpeningKey.generate().sealingKey().id();
        return new Header(facts, new Place(Kind.VALUES, 0), TestMembers.P0, key, recipient, SettableClock.START)
                .encode();
    }

    private Changes changes() {
        return context.getBean(Changes.class);
    }

    private void inTransaction(Runnable work) {
        new TransactionTemplate(context.getBean(DataSourceTransactionManager.class))
                .executeWithoutResult(status -> work.run());
    }

    private void change(String id) {
        insert(id);
        changes().note(id);
    }

    /// Does something when the transaction's numbers are taken.
    private static void beforeCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                work.run();
            }
        });
    }

    private void insert(String id) {
        context.getBean(JdbcClient.class)
                .sql("""
                        INSERT INTO delivery (id, header, place_count, received, state, first_seen, changed, expires)
                        VALUES (:id, :header, 1, 0, 'receiving', 0, 0, 0) ON CONFLICT DO NOTHING""")
                .param("id", id)
                .param("header", HEADER.toArray())
                .update();
    }

    private static String id(int run) {
        return "%032x-0".formatted(run);
    }

    private MockHttpServletResponse listen(String position) {
        var response = new MockHttpServletResponse();
        long begin =
                context.getBean(ResultEvents.class).begin(Optional.of(position).filter(text -> !text.isEmpty()));
        Thread.ofVirtual().start(() -> writeTo(response, begin));
        return response;
    }

    private void writeTo(MockHttpServletResponse response, long begin) {
        try {
            context.getBean(ResultEvents.class).writeTo(response, () -> true, begin, NumberForm.NUMBER);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return the numbers of the events so far
    private static List<Long> told(MockHttpServletResponse response) {
        try {
            return EVENT.matcher(response.getContentAsString())
                    .results()
                    .map(match -> Long.valueOf(match.group(1)))
                    .toList();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Long> numbers(int from, int to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void a_new_listener_gets_all_results_even_if_more_than_a_batch_share_a_millisecond() {
        inTransaction(() -> IntStream.rangeClosed(1, 950).forEach(run -> change(id(run))));

        var listener = listen("");

        await().until(() -> told(listener).size() == 950);
        assertThat(told(listener)).isEqualTo(numbers(1, 950));
    }

    @Test
    void nothing_is_lost_when_the_transaction_that_began_first_commits_last() throws Exception {
        var listener = listen("");
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            // It writes its delivery first; where writers may overlap, it takes its number last.
            var slow = writers.submit(() -> inTransaction(() -> {
                insert(id(1));
                begun.countDown();
                awaitQuietly(goOn);
                changes().note(id(1));
            }));
            begun.await();
            var fast = writers.submit(() -> inTransaction(() -> change(id(2))));
            if (TestDatabase.isPostgres()) {
                fast.get();
                await().until(() -> told(listener).size() == 1);
            }
            clock.advance(Duration.ofSeconds(-5));
            goOn.countDown();
            slow.get();
            fast.get();
        }

        await().until(() -> told(listener).size() == 2);
        assertThat(told(listener)).isEqualTo(numbers(1, 2));
    }

    @Test
    void a_number_that_is_taken_but_not_committed_holds_back_the_next() throws Exception {
        var listener = listen("");
        var taken = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = writers.submit(() -> inTransaction(() -> {
                change(id(1));
                beforeCommit(() -> {
                    taken.countDown();
                    awaitQuietly(goOn);
                });
            }));
            taken.await();
            var second = writers.submit(() -> inTransaction(() -> change(id(2))));
            assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            goOn.countDown();
            first.get();
            second.get();
        }

        await().until(() -> told(listener).size() == 2);
        assertThat(told(listener)).isEqualTo(numbers(1, 2));
    }

    @Test
    void many_writers_at_once_lose_nothing() throws Exception {
        var listener = listen("");
        try (var writers = Executors.newFixedThreadPool(8)) {
            var done = IntStream.rangeClosed(1, 200)
                    .<Future<?>>mapToObj(run -> writers.submit(() -> inTransaction(() -> change(id(run)))))
                    .toList();
            for (var each : done) {
                each.get();
            }
        }

        await().until(() -> told(listener).size() == 200);
        assertThat(told(listener)).isEqualTo(numbers(1, 200));
    }

    @Test
    void commits_of_another_replica_are_reported_too() {
        context.getBean(OwnCommits.class).looksNowAndThen = true;
        var listener = listen("now");
        var jdbc = context.getBean(JdbcClient.class);

        inTransaction(() -> {
            insert(id(1));
            jdbc.sql("UPDATE change_counter SET last = 1").update();
            jdbc.sql("UPDATE delivery SET change_number = 1").update();
        });

        await().until(() -> told(listener).size() == 1);
    }

    @Test
    void a_step_back_of_the_clock_hides_nothing() {
        inTransaction(() -> change(id(1)));
        var listener = listen("now");
        clock.advance(Duration.ofHours(-3));

        inTransaction(() -> change(id(2)));
        inTransaction(() -> change(id(1)));

        await().until(() -> told(listener).size() == 2);
        assertThat(told(listener)).isEqualTo(numbers(2, 3));
    }

    @Test
    void a_change_that_is_rolled_back_gets_no_number_and_is_not_sent() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    change(id(1));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        inTransaction(() -> change(id(2)));

        assertThat(changes().last()).isEqualTo(1);
    }

    @Test
    void a_listener_continues_after_the_number_that_it_names() {
        inTransaction(() -> IntStream.rangeClosed(1, 5).forEach(run -> change(id(run))));

        var listener = listen("3");

        await().until(() -> told(listener).size() == 2);
        assertThat(told(listener)).isEqualTo(numbers(4, 5));
    }

    @Test
    void a_listener_that_begins_now_can_go_on_from_there() throws UnsupportedEncodingException {
        inTransaction(() -> IntStream.rangeClosed(1, 5).forEach(run -> change(id(run))));

        var listener = listen("now");

        await().until(() -> !listener.getContentAsString().isEmpty());
        assertThat(listener.getContentAsString()).isEqualTo("id: 5\n\n");
    }

    @Test
    void a_number_from_before_a_restore_is_ignored() {
        inTransaction(() -> change(id(1)));

        var listener = listen("99");

        await().until(() -> told(listener).size() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-1", "1.5", "9999999999999999999"})
    void a_position_of_another_form_is_refused(String position) {
        assertThatThrownBy(() -> listen(position)).isInstanceOf(ProblemException.class);
    }

    @Test
    void a_change_is_numbered_in_its_own_transaction_only() {
        assertThatThrownBy(() -> changes().note(id(1))).isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void a_stop_ends_the_stream() throws InterruptedException {
        var response = new MockHttpServletResponse();
        var thread = Thread.ofVirtual().start(() -> writeTo(response, 0));

        context.getBean(OwnCommits.class).stop();

        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
}
