// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.work.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/// Threads that do one kind of work for the clients to which the relay connects. Of several replicas, only the one
/// with the client's lease does it. One thread renews all leases; an error at one lease does not affect the others.
public abstract class ClientWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWorkers.class);
    private static final Duration BETWEEN_RENEWALS = Lease.BEAT.dividedBy(2);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final String work;
    private final RosterFile roster;
    private final CommitSignal commits;
    private final Function<String, Lease> leaseOf;
    private final Map<MemberName, Worker> workers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param work what is done, such as `bundles`; leases are named `bundles of C0`
    protected ClientWorkers(String work, RosterFile roster, CommitSignal commits, DataSource source) {
        this(work, roster, commits, name -> new Lease(name, source));
    }

    /// @param leaseOf makes the lease with a name
    ClientWorkers(String work, RosterFile roster, CommitSignal commits, Function<String, Lease> leaseOf) {
        this.work = work;
        this.roster = roster;
        this.commits = commits;
        this.leaseOf = leaseOf;
    }

    /// A part of the work. It is repeated until the service stops.
    public interface Step {
        /// Waits if there is nothing to do.
        void run() throws InterruptedException;

        /// @return how long to wait after an unexpected error of [#run]
        default Duration waitAfterError() {
            return AFTER_ERROR;
        }
    }

    /// A client for which there are threads.
    public final class Worker {
        private final MemberName client;
        private final Lease lease;
        private int failedRenewals;

        private Worker(MemberName client, Lease lease) {
            this.client = client;
            this.lease = lease;
        }

        /// @return the client
        public MemberName client() {
            return client;
        }

        /// @return whether this replica has the lease, and the roster still has an address of the client
        public boolean mayWork() {
            return lease.isOurs()
                    && roster.find(client).flatMap(member -> member.address()).isPresent();
        }

        /// @return whether there may be other replicas, whose commits are not signalled here
        public boolean hasReplicas() {
            return lease.isShared();
        }
    }

    /// @return the parts of the work for a client; each has its own thread
    protected abstract List<Step> steps(Worker worker);

    /// Begins to renew leases.
    @PostConstruct
    public void start() {
        threads.execute(() -> {
            try {
                while (commits.isRunning()) {
                    workers.values().forEach(this::renew);
                    Thread.sleep(BETWEEN_RENEWALS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void renew(Worker worker) {
        try {
            worker.lease.beat();
            worker.failedRenewals = 0;
        } catch (RuntimeException | Error e) {
            warn("Renewal of the lease for", worker, ++worker.failedRenewals, e);
        }
    }

    /// The first of consecutive errors is logged with its stack trace, later ones without, and more and more rarely.
    private void warn(String what, Worker worker, int errors, Throwable e) {
        if (errors == 1) {
            LOG.warn("{} \"{} of {}\": unexpected error; retrying.", what, work, worker.client, e);
        } else if (Integer.bitCount(errors) == 1) {
            LOG.warn(
                    "{} \"{} of {}\": unexpected error {} times in a row; retrying: {}",
                    what,
                    work,
                    worker.client,
                    errors,
                    e.getClass().getName());
        }
    }

    /// Begins the work for clients that are new in the roster, or have a new address.
    @Scheduled(fixedDelayString = "PT1S")
    public void beginForNewClients() {
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            if (client.address().isPresent() && !workers.containsKey(client.name())) {
                var worker = new Worker(client.name(), leaseOf.apply(work + " of " + client.name()));
                var steps = steps(worker);
                workers.put(worker.client, worker);
                steps.forEach(step -> threads.execute(() -> repeat(worker, step)));
            }
        }
    }

    /// An error must not end the thread: the lease would be kept, and no replica would do the client's work.
    private void repeat(Worker worker, Step step) {
        int errors = 0;
        try {
            while (commits.isRunning()) {
                try {
                    step.run();
                    errors = 0;
                } catch (RuntimeException | Error e) {
                    pauseAfter(worker, step, ++errors, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pauseAfter(Worker worker, Step step, int errors, Throwable e) throws InterruptedException {
        if (commits.isRunning()) {
            warn("Work", worker, errors, e);
            Thread.sleep(step.waitAfterError());
        }
    }

    /// Ends all threads, and releases the leases so that another replica can take over at once.
    @PreDestroy
    public void stop() throws InterruptedException {
        threads.shutdownNow();
        if (!threads.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Stopping during the work \"{}\"; it is repeated after the next start.", work);
        }
        workers.values().forEach(worker -> worker.lease.close());
    }
}
