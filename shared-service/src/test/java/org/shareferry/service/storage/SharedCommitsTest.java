// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

@Timeout(30)
class SharedCommitsTest {
    /// A store whose commits are counted, and fail or wait as a test wants.
    private static final class Store extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        private final transient List<String> written = new ArrayList<>();
        private final transient List<String> committed = new ArrayList<>();
        private final AtomicInteger commits = new AtomicInteger();
        private final AtomicInteger failing = new AtomicInteger();
        private transient volatile Runnable begin = () -> {};

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            begin.run();
            written.clear();
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new TransactionSystemException("no room");
            }
            commits.incrementAndGet();
            committed.addAll(written);
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            written.clear();
        }

        String write(String text) {
            written.add(text);
            return text;
        }
    }

    private final Store store = new Store();
    private final AtomicLong now = new AtomicLong();
    private final SharedCommits commits = new SharedCommits(new TransactionTemplate(store), now::get);

    /// Has one piece of work hold the writer until all others wait.
    private List<Future<String>> together(ExecutorService threads, List<Callable<String>> works) throws Exception {
        return together(threads, works, () -> {});
    }

    /// @param then is done before they go on
    private List<Future<String>> together(ExecutorService threads, List<Callable<String>> works, Runnable then)
            throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var first = threads.submit(() -> commits.commit(() -> {
            begun.countDown();
            awaitQuietly(goOn);
            return "first";
        }));
        begun.await();
        var others = works.stream().map(threads::submit).toList();
        await().until(() -> commits.waiting() == works.size());
        then.run();
        goOn.countDown();
        first.get();
        return others;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void concurrent_work_shares_one_commit_and_returns_after_it() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = together(
                    threads,
                    IntStream.range(0, 20)
                            .<Callable<String>>mapToObj(i -> () -> {
                                var result = commits.commit(() -> store.write("w" + i));
                                assertThat(store.committed).contains(result);
                                return result;
                            })
                            .toList());
            for (int i = 0; i < 20; i++) {
                assertThat(others.get(i).get()).isEqualTo("w" + i);
            }
        }

        assertThat(store.commits).hasValue(2);
        assertThat(store.committed).hasSize(20);
    }

    @Test
    void failed_work_does_not_affect_other_work() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = together(
                    threads,
                    List.of(
                            () -> commits.commit(() -> store.write("good")),
                            () -> commits.commit(() -> {
                                throw new IllegalArgumentException("bad");
                            }),
                            () -> commits.commit(() -> store.write("good too"))));

            assertThat(others.get(0).get()).isEqualTo("good");
            assertThatThrownBy(() -> others.get(1).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(others.get(2).get()).isEqualTo("good too");
        }
        assertThat(store.committed).containsExactlyInAnyOrder("good", "good too");
    }

    @Test
    void no_work_returns_before_the_commit() {
        store.failing.set(1);

        assertThatThrownBy(() -> commits.commit(() -> store.write("a"))).isInstanceOf(TransactionSystemException.class);
        assertThat(store.committed).isEmpty();
        assertThat(commits.commit(() -> store.write("b"))).isEqualTo("b");
    }

    @Test
    void work_whose_shared_commit_failed_is_repeated_alone() throws Exception {
        var isFirst = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = together(
                    threads,
                    List.of(
                            () -> commits.commit(() -> {
                                store.failing.set(isFirst.getAndSet(false) ? 1 : 0);
                                return store.write("a");
                            }),
                            () -> commits.commit(() -> store.write("b"))));

            assertThat(others.get(0).get()).isEqualTo("a");
            assertThat(others.get(1).get()).isEqualTo("b");
        }
        assertThat(store.committed).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void all_waiting_work_shares_one_wait_for_an_unresponsive_database() throws Exception {
        var tried = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = together(
                    threads,
                    IntStream.range(0, 20)
                            .<Callable<String>>mapToObj(i -> () -> commits.commit(() -> store.write("w" + i)))
                            .toList(),
                    () -> store.begin = () -> {
                        tried.incrementAndGet();
                        now.addAndGet(8_000_000_000L);
                        throw new CannotCreateTransactionException("no connection");
                    });

            assertThat(others)
                    .allSatisfy(other ->
                            assertThatThrownBy(other::get).hasCauseInstanceOf(CannotCreateTransactionException.class));
        }
        assertThat(tried).hasValue(2);
    }

    @Test
    void an_error_in_shared_work_fails_all_waiting_work() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = together(
                    threads,
                    List.of(
                            () -> commits.commit(() -> store.write("good")),
                            () -> commits.commit(() -> {
                                throw new StackOverflowError("no room");
                            })));

            assertThatThrownBy(() -> others.get(0).get()).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> others.get(1).get()).isInstanceOf(ExecutionException.class);
        }
        assertThat(store.committed).isEmpty();
        assertThat(commits.commit(() -> store.write("next"))).isEqualTo("next");
    }
}
