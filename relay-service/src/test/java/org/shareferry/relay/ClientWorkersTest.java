// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.relay.fixture.Database;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.CapturedLog;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.work.Lease;
import org.springframework.jdbc.core.simple.JdbcClient;

class ClientWorkersTest {
    private static final MemberName C0 = MemberName.client(0);
    private static final MemberName C1 = MemberName.client(1);

    private static final class TestWorkers extends ClientWorkers {
        private Function<Worker, List<Step>> stepsOf = worker -> List.of();

        TestWorkers(RosterFile roster, CommitSignal commits, Function<String, Lease> leaseOf) {
            super("bundles", roster, commits, leaseOf);
        }

        @Override
        protected List<Step> steps(Worker worker) {
            return stepsOf.apply(worker);
        }

        void begin(Function<Worker, List<Step>> with) {
            stepsOf = with;
            beginForNewClients();
        }
    }

    @TempDir
    Path folder;

    private final CommitSignal commits = new CommitSignal();
    private TestWorkers workers;

    @BeforeEach
    void start() throws Exception {
        var file = folder.resolve("roster.json");
        Files.writeString(
                file,
                Roster.of(Stream.of(C0, C1)
                                .map(name -> new Member(
                                        name,
                                        Optional.of(URI.create("https://localhost:8443")),
                                        List.of(IdentityKey.generate().publicKey())))
                                .toList())
                        .toJson());
        var jdbc = Database.in(folder);
        workers = new TestWorkers(
                new RosterFile(file, new SettableClock()),
                commits,
                name -> name.equals("bundles of " + C0)
                        ? broken(name, jdbc)
                        : new Lease(name, jdbc, true, System::nanoTime));
        workers.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        commits.stop();
        workers.stop();
    }

    /// @return a lease whose renewals throw exceptions and errors in turn
    private static Lease broken(String name, JdbcClient jdbc) {
        var calls = new AtomicInteger();
        return new Lease(name, jdbc, true, () -> {
            int call = calls.getAndIncrement();
            if (call == 0) {
                return System.nanoTime();
            }
            if (call % 2 == 0) {
                throw new NoClassDefFoundError("a missing class");
            }
            throw new IllegalStateException("a broken clock");
        });
    }

    @Test
    void an_error_at_one_lease_does_not_end_the_renewal_of_others() {
        var ofC1 = new AtomicReference<ClientWorkers.@Nullable Worker>();
        workers.begin(worker -> {
            if (worker.client().equals(C1)) {
                ofC1.set(worker);
            }
            return List.of();
        });
        var worker = Objects.requireNonNull(ofC1.get());

        await().until(worker::mayWork);

        // A lease that is not renewed ends after 2.5 s.
        await().during(Duration.ofSeconds(4)).until(worker::mayWork);
    }

    /// After this many runs, a step has nothing to do until its thread is interrupted.
    private static void waitAfter(AtomicInteger runs, int last) throws InterruptedException {
        if (runs.get() >= last) {
            new CountDownLatch(1).await();
        }
    }

    @Test
    void an_error_in_a_step_does_not_end_the_work() {
        var runs = new AtomicInteger();
        workers.begin(worker -> worker.client().equals(C0)
                ? List.of()
                : List.of(() -> {
                    if (runs.incrementAndGet() == 1) {
                        throw new IllegalStateException("an error in the first step");
                    }
                    waitAfter(runs, 3);
                }));

        await().until(() -> runs.get() >= 3);
    }

    /// A step of C1 that fails several times in a row.
    private static final class Failing implements ClientWorkers.Step {
        private final AtomicInteger runs = new AtomicInteger();

        @Override
        public void run() throws InterruptedException {
            if (runs.incrementAndGet() <= 4) {
                throw new StackOverflowError();
            }
            waitAfter(runs, 7);
        }

        @Override
        public Duration waitAfterError() {
            return Duration.ofMillis(1);
        }
    }

    @Test
    void repeated_errors_do_not_end_the_work_and_only_the_first_is_logged_with_a_stack_trace() {
        var step = new Failing();
        try (var log = CapturedLog.ofAll()) {
            workers.begin(worker -> worker.client().equals(C0) ? List.of() : List.of(step));

            await().until(() -> step.runs.get() == 7);

            assertThat(log.events())
                    .filteredOn(event -> event.getFormattedMessage().startsWith("Work \"bundles of C1\""))
                    .extracting(event -> event.getThrowableProxy() != null)
                    .containsExactly(true, false, false);
        }
    }

    @Test
    void a_client_whose_steps_could_not_be_built_begins_with_the_next_look_at_the_roster() {
        var runs = new AtomicInteger();
        assertThatThrownBy(() -> workers.begin(worker -> {
                    throw new IllegalStateException("no step");
                }))
                .isInstanceOf(IllegalStateException.class);

        workers.begin(worker -> List.of(() -> {
            runs.incrementAndGet();
            waitAfter(runs, 3);
        }));

        await().until(() -> runs.get() >= 3);
    }
}
