// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.input.AnswerCommitter.NewAnswer;
import org.shareferry.client.input.AnswerStore.Fresh;
import org.shareferry.client.input.AnswerStore.Named;
import org.shareferry.client.input.AnswerStore.OvertakenException;
import org.shareferry.client.input.MaskedInputs.Masked;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.work.Lease;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/// One answer to each request, whatever crashes and whatever is restored.
class AnswerCommitterTest {
    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder = Path.of("");

    /// What happens to a commit.
    private enum Fate {
        DONE,
        /// The process ends before it.
        CRASH_BEFORE,
        /// It is done, but nobody is told.
        DONE_UNHEARD
    }

    private Fate fate = Fate.DONE;
    private int made;

    @BeforeEach
    void migrate() {
        TestDatabase.migrated(database());
    }

    private Path database() {
        return folder.resolve("client.db");
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(TestDatabase.source(database()));
    }

    private final class FatefulTransactions extends TransactionTemplate {
        private static final long serialVersionUID = 1L;

        FatefulTransactions(DataSource source) {
            super(new DataSourceTransactionManager(source));
        }

        @Override
        public void executeWithoutResult(Consumer<TransactionStatus> action) {
            if (fate == Fate.CRASH_BEFORE) {
                throw new DataAccessResourceFailureException("crash");
            }
            super.executeWithoutResult(action);
            if (fate == Fate.DONE_UNHEARD) {
                fate = Fate.DONE;
                throw new DataAccessResourceFailureException("the connection broke");
            }
        }
    }

    /// A store whose statements are in its transactions.
    AnswerStore store() {
        var source = TestDatabase.source(database());
        var transactions = new FatefulTransactions(source);
        var jdbc = JdbcClient.create(source);
        return new AnswerStore(
                jdbc,
                transactions,
                new CommitNumbers(jdbc, new CommitSignal()),
                new InputStore(jdbc, transactions, clock),
                clock);
    }

    /// A process that begins. The one before it has not been heard of for as long as a lease lasts; whether it is gone,
    /// nobody knows.
    private AnswerCommitter begun() {
        return begun(store());
    }

    private AnswerCommitter begun(AnswerStore store) {
        return begun(store, new AtomicLong());
    }

    /// @param nanos the process's own time; it stands still
    AnswerCommitter begun(AnswerStore store, AtomicLong nanos) {
        var lease = new Lease("answers", jdbc(), isShared(), nanos::get);
        var answering = new AnswerCommitter(store, new AnswerCounter(folder), lease, clock, LIFETIME, TOLERANCE);
        answering.beat();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        answering.beat();
        assertThat(answering.isOurs()).isTrue();
        return answering;
    }

    /// Whether there may be replicas. Then a process answers nothing that was asked before it began.
    private boolean isShared() {
        return new Lease("answers", TestDatabase.source(database())).isShared();
    }

    static DeliveryKey request(int number) {
        return DeliveryKey.parse("%032x-0,P0,P1".formatted(number));
    }

    /// Each time it is made, an answer is another one.
    Optional<NewAnswer> another() {
        made++;
        var masked = List.of(Bytes.ascii("m" + made), Bytes.ascii("rest"));
        return Optional.of(new NewAnswer(
                new SignedInputStatement(Bytes.ascii("statement " + made), Bytes.ascii("signature")),
                new Masked(masked, Sha256.of(masked.getFirst())),
                Optional.empty()));
    }

    Instant later() {
        clock.advance(Duration.ofSeconds(1));
        return clock.instant();
    }

    boolean answer(AnswerCommitter answering, int request) {
        return answer(answering, request, later());
    }

    private boolean answer(AnswerCommitter answering, int request, Instant created) {
        return answering.answer(request(request), created, this::another);
    }

    private boolean answer(AnswerCommitter answering, int request, Optional<String> input) {
        return answering.answer(
                request(request),
                later(),
                () -> another().map(answer -> new NewAnswer(answer.signed(), answer.masked(), input)));
    }

    private Bytes statement(int request) {
        return store().find(request(request)).orElseThrow().signed().statement();
    }

    /// Tables with a reference to another one come after it.
    private static final List<String> TABLES =
            List.of("input", "input_row", "answer", "answer_row", "answering", "change_counter");

    private void snapshot() {
        TABLES.forEach(table -> jdbc().sql("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)
                .update());
    }

    private void restore() {
        TABLES.reversed().forEach(table -> jdbc().sql("DELETE FROM " + table).update());
        TABLES.forEach(table -> jdbc().sql("INSERT INTO " + table + " SELECT * FROM kept_" + table)
                .update());
    }

    @Test
    void a_request_is_answered_once() {
        var answering = begun();

        assertThat(answer(answering, 1)).isTrue();
        assertThat(answer(answering, 1)).isFalse();

        assertThat(statement(1)).isEqualTo(Bytes.ascii("statement 1"));
        assertThat(store().row(request(1), 1)).isEqualTo(Bytes.ascii("rest"));
        assertThat(store().find(request(1)).orElseThrow().maskedSize()).isEqualTo(6);
        assertThat(made).as("answers made").isOne();
    }

    @Test
    void the_same_id_of_other_parties_is_another_request() {
        var answering = begun();
        var other = new DeliveryKey(request(1).id(), PartySet.parse("P0,P2"));

        answer(answering, 1);
        boolean isAnswered = answering.answer(other, later(), this::another);

        assertThat(isAnswered).isTrue();
    }

    @Test
    void the_counter_is_on_the_disk_before_the_answer_is_committed() throws Exception {
        var answering = begun();
        answer(answering, 1);
        fate = Fate.CRASH_BEFORE;

        assertThatThrownBy(() -> answer(answering, 2)).isInstanceOf(DataAccessResourceFailureException.class);

        assertThat(Files.readString(folder.resolve("answers.counter"))).isEqualTo("2 " + request(2) + "\n");
        assertThat(store().find(request(2))).isEmpty();
    }

    @Test
    void a_crash_between_counter_and_commit_spoils_that_request_alone() {
        var answering = begun();
        fate = Fate.CRASH_BEFORE;
        assertThatThrownBy(() -> answer(answering, 1)).isInstanceOf(DataAccessResourceFailureException.class);
        var waiting = later();
        fate = Fate.DONE;

        var next = begun();

        assertThat(answer(next, 1)).isFalse();
        assertThat(store().find(request(1))).isEmpty();
        assertThat(answer(next, 2, waiting)).as("asked before the crash").isEqualTo(!isShared());
        assertThat(answer(next, 3)).isTrue();
    }

    @Test
    void a_commit_whose_response_was_lost_is_the_answer() {
        var answering = begun();
        fate = Fate.DONE_UNHEARD;

        assertThat(answer(answering, 1)).isTrue();

        assertThat(statement(1)).isEqualTo(Bytes.ascii("statement 1"));
        assertThat(answer(answering, 2)).isTrue();
    }

    @Test
    void a_database_that_lost_one_answer_spoils_that_request_alone() {
        var answering = begun();
        answer(answering, 1);
        snapshot();
        var asked = later();
        answer(answering, 2, asked);
        restore();

        var restored = begun();

        assertThat(answer(restored, 2, asked)).isFalse();
        assertThat(store().isAnswered(request(2))).isTrue();
        assertThat(store().find(request(2))).isEmpty();
        assertThat(answer(restored, 3, asked)).isEqualTo(!isShared());
        assertThat(answer(restored, 4)).isTrue();
    }

    @Test
    void a_database_that_lost_several_answers_gives_none_to_requests_made_before_by_any_clock() {
        var answering = begun();
        answer(answering, 1);
        snapshot();
        var asked = later();
        answer(answering, 2, asked);
        answer(answering, 3, asked);
        restore();

        var restored = begun();

        assertThat(answer(restored, 2, asked)).isFalse();
        assertThat(answer(restored, 4, clock.instant().plus(TOLERANCE))).isFalse();
        clock.advance(TOLERANCE.plusSeconds(1));
        assertThat(answer(begun(), 5)).isTrue();
        assertThat(store().state().counter()).as("no number twice").isEqualTo(5);
        assertThat(answer(begun(), 2, asked)).as("after another start").isFalse();
    }

    @Test
    void each_restore_of_the_same_backup_is_detected() throws Exception {
        var answering = begun();
        answer(answering, 1);
        snapshot();
        var asked = later();
        answer(answering, 2, asked);
        answer(answering, 3, asked);

        restore();
        Files.delete(folder.resolve("answers.counter"));
        assertThat(answer(begun(), 2, asked)).as("without the counter").isFalse();
        restore();
        assertThat(answer(begun(), 2, asked))
                .as("with the counter that was made then")
                .isFalse();

        restore();
        begun().restored();
        restore();
        assertThat(answer(begun(), 3, asked)).as("after it was told once").isFalse();
    }

    @Test
    void an_input_of_an_answer_that_was_lost_is_not_used_again() {
        var inputs = inputs();
        var once = input(inputs, 1);
        snapshot();
        assertThat(answer(begun(), 1, Optional.of(once))).isTrue();
        restore();
        assertThat(rows("input")).as("as the backup has it").isOne();

        begun();

        assertThat(rows("input")).isZero();
    }

    @Test
    void inputs_of_a_database_that_lost_several_answers_are_not_used_again() {
        var inputs = inputs();
        var often = input(inputs, 3);
        snapshot();
        answer(begun(), 1, Optional.of(often));
        answer(begun(), 2, Optional.of(often));
        restore();

        begun();

        assertThat(rows("input")).isZero();
        input(inputs, 1);
        begun().restored();
        assertThat(rows("input")).as("restored with its keys").isZero();
    }

    @Test
    void a_database_that_comes_back_gets_the_same_answer_while_the_process_lives() {
        var answering = begun();
        fate = Fate.CRASH_BEFORE;
        assertThatThrownBy(() -> answer(answering, 1)).isInstanceOf(DataAccessResourceFailureException.class);
        assertThatThrownBy(() -> answer(answering, 1)).isInstanceOf(DataAccessResourceFailureException.class);

        fate = Fate.DONE;

        assertThat(answer(answering, 1)).as("answered now").isFalse();
        assertThat(statement(1)).isEqualTo(Bytes.ascii("statement 1"));
        assertThat(made).as("answers made").isOne();
        assertThat(answer(answering, 2)).isTrue();
    }

    /// As `shareferry backup` marks its copies, also when keys and counter come from the same backup.
    @Test
    void a_marked_copy_answers_no_earlier_request_and_deletes_its_inputs() {
        answer(begun(), 1);
        var asked = later();
        input(inputs(), 1);
        jdbc().sql("UPDATE answering SET restored = TRUE").update();

        var restored = begun();

        assertThat(answer(restored, 2, asked)).isFalse();
        assertThat(rows("input")).isZero();
        clock.advance(TOLERANCE.plusSeconds(1));
        input(inputs(), 1);
        assertThat(answer(begun(), 3)).isTrue();
        assertThat(rows("input")).as("the mark counts once").isOne();
    }

    @Test
    void a_service_that_runs_while_its_database_is_restored_notices() {
        var answering = begun();
        answer(answering, 1);
        snapshot();
        var asked = later();
        answer(answering, 2, asked);
        restore();

        assertThat(answer(answering, 2, asked)).isFalse();
    }

    @Test
    void keys_restored_without_the_counter_answer_no_earlier_request() throws Exception {
        answer(begun(), 1);
        var asked = later();
        var kept = Files.readAllBytes(folder.resolve("answers.counter"));
        answer(begun(), 2, asked);
        Files.write(folder.resolve("answers.counter"), kept);
        assertThat(answer(begun(), 3, asked)).as("the file is behind").isFalse();

        Files.delete(folder.resolve("answers.counter"));
        assertThat(answer(begun(), 3, asked)).as("the file is missing").isFalse();

        clock.advance(TOLERANCE.plusSeconds(2));
        assertThat(answer(begun(), 4)).isTrue();
    }

    @Test
    void one_of_two_processes_with_the_same_database_answers() {
        var one = begun();
        var other = begun();
        var asked = later();

        one.answer(request(1), asked, () -> {
            // The first replica pauses here, and another one takes its lease.
            assertThat(answer(other, 1, asked)).isTrue();
            return Optional.empty();
        });
        assertThat(answer(one, 1, asked)).isFalse();

        assertThat(statement(1)).isEqualTo(Bytes.ascii("statement 1"));
    }

    /// What an answer is before it is committed. Each one is another.
    private Fresh fresh(int request, long counter) {
        var answer = another().orElseThrow();
        return new Fresh(request(request), counter, answer.signed(), answer.masked(), Optional.empty());
    }

    @Test
    void one_of_two_racing_first_answers_is_committed() throws Exception {
        for (int round = 1; round <= 10; round++) {
            var one = fresh(round, round);
            var other = fresh(round, round);
            var begin = new CyclicBarrier(2);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var outcome = threads.submit(() -> isCommitted(one, begin));
                var otherOutcome = threads.submit(() -> isCommitted(other, begin));

                assertThat(outcome.get()).as("round " + round).isNotEqualTo(otherOutcome.get());

                var winner = outcome.get() ? one : other;
                var stored = store().find(request(round)).orElseThrow();
                assertThat(stored.signed()).isEqualTo(winner.signed());
                assertThat(store().row(request(round), 0))
                        .isEqualTo(winner.masked().rows().getFirst());
            }
        }
        assertThat(store().state().counter()).isEqualTo(10);
        assertThat(rows("answer")).isEqualTo(10);
    }

    private boolean isCommitted(Fresh fresh, CyclicBarrier begin) throws Exception {
        var store = store();
        begin.await();
        try {
            store.commit(fresh);
            return true;
        } catch (OvertakenException e) {
            return false;
        }
    }

    @Test
    void an_answer_is_uploaded_until_the_relay_has_it_or_nobody_waits_for_it() {
        var answering = begun();
        var begun = clock.instant();
        answer(answering, 1);
        answer(answering, 2);
        answer(answering, 3);
        answering.answer(request(4), later(), this::refusal);
        assertThat(toBring(begun, 0)).containsExactly(request(1), request(2), request(3), request(4));

        store().noteBrought(request(2));
        jdbc().sql("UPDATE answer SET masked_left = FALSE WHERE number IN (SELECT MAX(number) - 1 FROM answer)")
                .update();

        assertThat(toBring(begun, 0)).containsExactly(request(1), request(4));
        assertThat(toBring(begun, store().find(request(1)).orElseThrow().number()))
                .containsExactly(request(4));
        assertThat(toBring(clock.instant(), 0)).isEmpty();
        assertThat(store().find(request(3)).orElseThrow().isWhole()).isFalse();
        assertThat(store().find(request(4)).orElseThrow().isWhole()).isTrue();
    }

    private List<DeliveryKey> toBring(Instant answeredAfter, long number) {
        return store().toBring(answeredAfter, number, 9).stream()
                .map(Named::request)
                .toList();
    }

    private Optional<NewAnswer> refusal() {
        return Optional.of(new NewAnswer(
                new SignedInputStatement(Bytes.ascii("refused"), Bytes.ascii("signature")),
                new Masked(List.of(), Sha256.of(Bytes.empty())),
                Optional.empty()));
    }

    @Test
    void an_answer_that_was_overtaken_is_not_committed() {
        var one = begun();
        var other = begun();
        var asked = later();

        assertThatThrownBy(() -> one.answer(request(1), asked, () -> {
                    assertThat(answer(other, 2, asked)).isTrue();
                    answer(other, 1, asked);
                    return another();
                }))
                .isInstanceOf(OvertakenException.class);

        assertThat(statement(1)).isEqualTo(Bytes.ascii("statement 2"));
    }

    @Test
    void a_request_older_than_its_lifetime_is_never_answered() {
        var answering = begun();
        var asked = later();
        clock.advance(LIFETIME.plusMillis(1));

        assertThat(answer(answering, 1, asked)).isFalse();
        assertThat(answering.hindrance(asked)).map(Unanswered::reason).contains(UnansweredReason.TOO_OLD);
    }

    @Test
    void requests_made_before_the_first_start_are_not_answered() {
        var asked = clock.instant();

        assertThat(answer(begun(), 1, asked)).isFalse();
    }

    @Test
    void an_input_deleted_meanwhile_answers_no_request() {
        var store = store();
        var inputs = inputs();
        var id = input(inputs, 1);
        var answering = begun(store);

        assertThatThrownBy(() -> answering.answer(request(1), later(), () -> {
                    inputs.delete(id);
                    var answer = another().orElseThrow();
                    return Optional.of(new NewAnswer(answer.signed(), answer.masked(), Optional.of(id)));
                }))
                .isInstanceOf(OvertakenException.class);

        assertThat(store().find(request(1))).isEmpty();
    }

    private InputStore inputs() {
        var source = TestDatabase.source(database());
        return new InputStore(
                JdbcClient.create(source), new TransactionTemplate(new DataSourceTransactionManager(source)), clock);
    }

    private String input(InputStore inputs, int times) {
        var id = inputs.begin(new InputParameters(
                7,
                PartySet.parse("P0,P1"),
                new TreeSet<>(List.of("spdz2k")),
                clock.instant().plus(Duration.ofDays(1)),
                0,
                64,
                times,
                new TreeSet<>(),
                Bytes.empty()));
        try (var row = SecretBytes.takeOver(new byte[8])) {
            inputs.addRow(id, 0, row);
        }
        assertThat(inputs.finish(id, 1)).isTrue();
        return id;
    }

    @Test
    void an_input_is_deleted_with_the_answer_that_uses_it_up() {
        var inputs = inputs();
        var id = input(inputs, 2);
        var answering = begun();

        for (int use = 1; use <= 2; use++) {
            assertThat(rows("input_row")).as("before use " + use).isOne();
            assertThat(answer(answering, use, Optional.of(id))).isTrue();
        }

        assertThat(rows("input")).isZero();
        assertThat(rows("input_row")).isZero();
    }

    private long rows(String table) {
        return jdbc().sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
    }
}
