// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.outbox.Stores;
import org.shareferry.service.fixture.SettableClock;

class SubmissionQueueTest {
    @Test
    void deliveries_take_turns_while_one_envelope_is_tried_at_a_time(@TempDir Path folder) throws Exception {
        var stores = new Stores(folder, "main", SettableClock.ticking());
        stores.migrate("latest");
        var ids = new ArrayList<DeliveryId>();
        for (int i = 0; i < 40; i++) {
            ids.add(stores.sealed(1).id());
        }
        var load = new SubmissionQueue(stores.outbox, Duration.ofMillis(1));
        var tried = new ArrayList<DeliveryId>();

        for (int i = 0; i < 40; i++) {
            var part = load.next(1, 1 << 20).getFirst();
            tried.add(part.delivery());
            load.setAside(part.delivery());
            load.done(part);
        }

        assertThat(tried).isEqualTo(ids);
    }
}
