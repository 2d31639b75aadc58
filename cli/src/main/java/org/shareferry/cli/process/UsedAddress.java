// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.init.Deployment;

/// An address of a service that is to start, at which another program already listens. The service could not bind it,
/// and readiness checks would reach the other program.
///
/// @param service that is to start
/// @param address its address for users and neighbours, or that for health and metrics
record UsedAddress(Deployment.Service service, URI address) {
    private static final int CONNECT_MILLIS = 1_000;

    /// @return the first address of the deployment that is in use
    static Optional<UsedAddress> in(Deployment deployment) {
        return deployment.services().stream()
                .flatMap(service -> List.of(service.address(), service.management()).stream()
                        .map(address -> new UsedAddress(service, address)))
                .filter(UsedAddress::isUsed)
                .findFirst();
    }

    private boolean isUsed() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// @return the address and whose it is, for people
    String inWords() {
        return address + ", an address of " + service.member() + "'s " + service.artifact();
    }
}
