// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import org.shareferry.service.lifecycle.ServiceStart;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The service beside a party's VM. It accepts share vectors, seals them to the client at once, and submits the
/// envelopes to the relay.
@SpringBootApplication
public class PartyService {
    /// @param arguments of the command line, such as `--shareferry.member=P1`
    public static void main(String[] arguments) {
        ServiceStart.run(PartyService.class, arguments);
    }
}
