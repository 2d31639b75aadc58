// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.shareferry.relay.ClientWorkers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.stereotype.Component;

/// Pushes waiting bundles to each client that has an address, the oldest first, as soon as they are committed.
@Component
class PushWorkers extends ClientWorkers {
    /// The next request can be in flight while the client processes one.
    private static final int REQUESTS_AT_ONCE = 2;

    /// Some bundles become due by time, and commits of other replicas are not signalled.
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private static final Duration WITH_REPLICAS = Duration.ofMillis(100);

    private final Pusher pusher;
    private final CommitSignal commits;
    private final RelayProperties properties;

    PushWorkers(Pusher pusher, RosterFile roster, CommitSignal commits, DataSource source, RelayProperties properties) {
        super("bundles", roster, commits, source);
        this.pusher = pusher;
        this.commits = commits;
        this.properties = properties;
    }

    @Override
    protected List<Step> steps(Worker worker) {
        var selector = new BatchSelector(
                properties.batchItems(), properties.batchSize().toBytes(), System::nanoTime);
        return Collections.nCopies(REQUESTS_AT_ONCE, () -> push(worker, selector));
    }

    private void push(Worker worker, BatchSelector selector) throws InterruptedException {
        int phase = commits.phase();
        if (!worker.mayWork() || !pusher.push(worker.client(), selector)) {
            commits.await(phase, worker.hasReplicas() ? WITH_REPLICAS : BETWEEN_LOOKS);
        }
    }
}
