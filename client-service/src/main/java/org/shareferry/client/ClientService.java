// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import org.shareferry.service.lifecycle.ServiceStart;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The service of a client. It accepts bundles, opens and checks them, reconstructs the values, and announces the
/// keys that parties seal to.
@SpringBootApplication
public class ClientService {
    /// Starts the service.
    public static void main(String[] args) {
        ServiceStart.run(ClientService.class, args);
    }
}
