// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.util.List;
import javax.sql.DataSource;
import org.shareferry.relay.ClientWorkers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Pacing;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.stereotype.Component;

/// Fetches the answers of clients to which the relay connects, with one thread for each client.
@Component
class AnswerFetchWorkers extends ClientWorkers {
    private final AnswerFetcher fetcher;
    private final RelayProperties properties;

    AnswerFetchWorkers(
            AnswerFetcher fetcher,
            RosterFile roster,
            CommitSignal commits,
            DataSource source,
            RelayProperties properties) {
        super("answers", roster, commits, source);
        this.fetcher = fetcher;
        this.properties = properties;
    }

    @Override
    protected List<Step> steps(Worker worker) {
        var pacing = new Pacing(new Backoff(properties.minBackoff(), properties.maxBackoff()));
        return List.of(new FetchStep(worker::mayWork, () -> fetcher.fetch(worker.client()), pacing));
    }
}
