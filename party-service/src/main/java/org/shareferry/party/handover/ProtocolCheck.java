// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.Optional;
import org.shareferry.delivery.Protocol;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.site.canary.CanaryFolder;

/// Checks whether a delivery is possible in the protocol that it names.
final class ProtocolCheck {
    private static final String REMEDY =
            " Set shareferry.party.protocol to the protocol that the VMs run, or correct the ";

    private ProtocolCheck() {}

    /// @return what is wrong, for people; empty if nothing is
    static Optional<String> objection(DeliveryFacts facts, CanaryFolder canary) {
        int parties = facts.parties().size();
        var protocol = Protocol.named(facts.protocol());
        return Protocol.contradiction(facts.protocol(), facts.domain())
                .map(why -> why + REMEDY + "domain.")
                .or(() -> protocol.flatMap(named -> named.contradiction(parties, facts.threshold()))
                        .map(why -> why + REMEDY + "parties or the threshold."))
                .or(() ->
                        protocol.flatMap(named -> canary.objection(named, facts.domain(), parties, facts.threshold())));
    }
}
