// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.shareferry.relay.ClientWorkers.Step;
import org.shareferry.service.work.Lease;
import org.shareferry.service.work.Pacing;

/// Fetches the answers of one client. An unexpected error counts as a failure of the client's pacing.
///
/// @param mayWork whether this replica does the work now
/// @param fetch true if the client answered as expected
record FetchStep(BooleanSupplier mayWork, BooleanSupplier fetch, Pacing pacing) implements Step {
    @Override
    public void run() throws InterruptedException {
        if (!mayWork.getAsBoolean()) {
            Thread.sleep(Lease.BEAT);
        } else if (fetch.getAsBoolean()) {
            pacing.succeeded();
        } else {
            Thread.sleep(pacing.failed(Optional.empty()));
        }
    }

    @Override
    public Duration waitAfterError() {
        return pacing.failed(Optional.empty());
    }
}
