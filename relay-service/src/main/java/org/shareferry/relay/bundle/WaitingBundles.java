// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.MemberName;
import org.shareferry.relay.bundle.BundleStore.Waiting;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.ServiceProperties;
import org.springframework.stereotype.Component;

/// Long polling for bundles. The database is queried after each commit of a bundle, and at intervals, because
/// another replica may have stored the last envelope.
@Component
class WaitingBundles {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final BundleStore bundles;
    private final long answerLimit;
    private final CommitSignal commits;
    private final Reachability reachability;

    WaitingBundles(BundleStore bundles, ServiceProperties properties, CommitSignal commits, Reachability reachability) {
        this.bundles = bundles;
        this.commits = commits;
        this.reachability = reachability;
        this.answerLimit = Math.min(properties.bodyLimit().toBytes(), Bundle.MAX_SIZE);
    }

    /// @param limit the maximum number; also limited to what fits one body, but at least one
    /// @param patience how long to wait for the first one
    List<Waiting> await(MemberName client, int limit, Duration patience) throws InterruptedException {
        reachability.reached(client);
        long until = System.nanoTime() + patience.toNanos();
        int phase = commits.phase();
        var found = look(client, limit);
        while (found.isEmpty() && System.nanoTime() - until < 0 && commits.isRunning()) {
            commits.await(phase, BETWEEN_LOOKS);
            phase = commits.phase();
            found = look(client, limit);
        }
        return found;
    }

    private List<Waiting> look(MemberName client, int limit) {
        var found = new ArrayList<Waiting>();
        long size = 0;
        for (var waiting : bundles.waitingFor(client, limit)) {
            size += waiting.size();
            if (size > answerLimit && !found.isEmpty()) {
                break;
            }
            found.add(waiting);
        }
        return found;
    }
}
