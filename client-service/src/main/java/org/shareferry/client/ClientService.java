// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// The service of a client: takes bundles, opens and checks them, reconstructs the values, and announces the
/// keys that parties seal to.
@SpringBootApplication
@ConfigurationPropertiesScan
public class ClientService {
    /// Starts the service.
    public static void main(String[] args) {
        SpringApplication.run(ClientService.class, args);
    }
}
