// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.MemberName;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.stereotype.Component;

/// Long polling for bundles.
@Component
class BundlePolling {
    private final DispatchStore bundles;
    private final long answerLimit;
    private final CommitSignal commits;
    private final Reachability reachability;

    BundlePolling(
            DispatchStore bundles, ServiceProperties properties, CommitSignal commits, Reachability reachability) {
        this.bundles = bundles;
        this.commits = commits;
        this.reachability = reachability;
        this.answerLimit = Math.min(properties.bodyLimit().toBytes(), Bundle.MAX_SIZE);
    }

    /// @param limit the maximum number; also limited to what fits one body, but at least one
    /// @param wait how long to wait for the first one
    List<Waiting> await(MemberName client, int limit, Duration wait) throws InterruptedException {
        reachability.reached(client);
        return commits.poll(wait, () -> look(client, limit), found -> !found.isEmpty());
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
