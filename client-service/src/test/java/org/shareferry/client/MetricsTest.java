// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.inbox.BundleOutcome;
import org.shareferry.service.fixture.SettableClock;

class MetricsTest {
    @Test
    void refusals_are_counted_by_reason_in_kebab_case_starting_at_zero(@TempDir Path folder) {
        try (var client = ClientHost.start(new TestMembers(folder), new SettableClock())) {
            var counters = client.meters().find("shareferry.bundles.refused").counters();

            assertThat(counters).hasSameSizeAs(BundleOutcome.Refusal.class.getPermittedSubclasses());
            assertThat(counters)
                    .extracting(counter -> counter.getId().getTag("reason"))
                    .contains("recipient-key-unknown", "conflict")
                    .allSatisfy(reason -> assertThat(reason).matches("[a-z]+(-[a-z]+)*"));
            assertThat(counters)
                    .allSatisfy(counter -> assertThat(counter.count()).isZero());
        }
    }
}
