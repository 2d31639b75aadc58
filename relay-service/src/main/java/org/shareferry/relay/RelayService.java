// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import org.shareferry.service.lifecycle.ServiceStart;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The relay. It accepts sealed envelopes from parties, bundles them, delivers the bundles to clients, and returns
/// receipts and key announcements. It has no key that opens an envelope.
@SpringBootApplication
public class RelayService {
    /// Starts the service.
    public static void main(String[] args) {
        ServiceStart.run(RelayService.class, args);
    }
}
