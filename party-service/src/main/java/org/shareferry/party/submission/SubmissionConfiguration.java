// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.ReceiptStore;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.service.work.Lease;
import org.shareferry.site.settings.PartyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The components that talk to the relay. Only one replica at a time does so.
@Configuration(proxyBeanMethods = false)
class SubmissionConfiguration {
    @Bean
    Lease relayLease(DataSource source) {
        return new Lease("relay", source);
    }

    @Bean
    FeedIntake feedIntake(
            Outbox outbox,
            ReceiptStore receipts,
            Deliveries deliveries,
            SharedCommits commits,
            OwnMember own,
            RosterFile roster,
            PartyProperties properties,
            Clock clock,
            MeterRegistry meters) {
        return new FeedIntake(
                outbox, receipts, deliveries, commits, own.name(), roster::current, properties.relay(), clock, meters);
    }
}
