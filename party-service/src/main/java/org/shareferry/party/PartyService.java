// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import org.shareferry.service.lifecycle.ServiceStart;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The service beside a party: takes share vectors over, seals them to the client in the same call, and sees
/// the envelopes to the relay.
@SpringBootApplication
public class PartyService {
    /// @param arguments Spring's: `--shareferry.member=P1` and the like
    public static void main(String[] arguments) {
        ServiceStart.run(PartyService.class, arguments);
    }
}
