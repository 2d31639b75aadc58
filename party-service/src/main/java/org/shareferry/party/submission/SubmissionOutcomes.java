// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Clock;
import java.util.List;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.submission.SubmissionQueue.Part;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Stores the relay's outcomes. The outcome of one envelope does not affect other deliveries.
@Component
class SubmissionOutcomes {
    private static final Logger LOG = LoggerFactory.getLogger(SubmissionOutcomes.class);

    private final Outbox outbox;
    private final PartyProperties properties;
    private final Clock clock;

    SubmissionOutcomes(Outbox outbox, PartyProperties properties, Clock clock) {
        this.outbox = outbox;
        this.properties = properties;
        this.clock = clock;
    }

    /// Stores outcomes in the caller's transaction, which may be repeated.
    ///
    /// @param answers one for each envelope of all parts, in order
    void store(List<Part> parts, List<Answer> answers) {
        int next = 0;
        for (var part : parts) {
            store(part, answers.subList(next, next += part.contents().size()));
        }
    }

    private void store(Part part, List<Answer> answers) {
        int accepted = 0;
        while (accepted < answers.size() && answers.get(accepted) instanceof Accepted) {
            accepted++;
        }
        if (accepted > 0) {
            outbox.accepted(part.delivery(), part.first(), accepted);
        }
        for (int i = accepted; i < answers.size(); i++) {
            if (answers.get(i) instanceof Refused refused) {
                refused(part, part.first() + i, refused);
                return;
            }
        }
    }

    private void refused(Part part, long number, Refused refused) {
        var id = part.delivery();
        var place = outbox.place(id, number).map(Object::toString).orElse("an envelope");
        var why = new Refusal(
                refused.problem().toString(),
                "The relay refused " + place + " with status " + refused.status() + ": " + refused.detail());
        if (refused.isFinal()) {
            outbox.refuse(id, why);
            LOG.warn("The relay refused {} of {} finally ({}); the delivery ends.", place, id, why.type());
        } else {
            outbox.hold(id, why, clock.instant().plus(properties.heldRetry()));
            LOG.warn(
                    "The relay refused {} of {} for a cause that can be fixed ({}); the delivery is held.",
                    place,
                    id,
                    why.type());
        }
    }
}
