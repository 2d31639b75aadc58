// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

/// Which Prometheus users get.
final class Prometheus {
    private Prometheus() {}

    /// @return its image, as docker-compose.yml names it
    static String image() {
        return new Document(Checkout.clean().read("docker-compose.yml"))
                .find("image: (prom/prometheus:.*)")
                .getFirst()
                .group(1);
    }
}
