// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.slf4j.MDC;

/// The current run and delivery of a dialog, for the log. The VM prints the same run id when its program is stopped.
/// Log messages of the dialog have both as `run` and `delivery`.
final class DialogLogContext implements AutoCloseable {
    private static final String RUN = "run";
    private static final String DELIVERY = "delivery";

    private Optional<RunId> run = Optional.empty();
    private Optional<DeliveryId> delivery = Optional.empty();

    void inRun(RunId id) {
        run = Optional.of(id);
        MDC.put(RUN, id.toString());
    }

    void inDelivery(DeliveryId id) {
        delivery = Optional.of(id);
        MDC.put(DELIVERY, id.toString());
    }

    void betweenDeliveries() {
        delivery = Optional.empty();
        MDC.remove(DELIVERY);
    }

    /// @return the known parts, to be appended to a sentence
    String description() {
        return run.map(id -> " in run " + id).orElse("")
                + delivery.map(id -> ", delivery " + id.sequence()).orElse("");
    }

    @Override
    public void close() {
        betweenDeliveries();
        MDC.remove(RUN);
    }
}
