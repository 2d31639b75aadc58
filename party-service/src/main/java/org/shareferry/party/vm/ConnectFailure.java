// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/// Describes why there is no VM yet. This is no failure, because a VM listens only while its program waits for a
/// client.
final class ConnectFailure {
    private ConnectFailure() {}

    /// @param e the failure to connect
    static String explain(IOException e) {
        return switch (e) {
            case UnknownHostException unknown -> "the host name has no address";
            case NoRouteToHostException noRoute -> "there is no route to the host";
            case SocketTimeoutException silent -> "the host does not respond; a firewall may drop packets to it";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("unreachable") -> "the network is unreachable";
            case ConnectException refused -> "nothing listens there";
            default -> "the host cannot be reached";
        };
    }

    /// @param e the failure before the first byte arrived
    static String explainSilence(IOException e) {
        return e instanceof SocketTimeoutException
                ? "something accepts connections there but sends nothing within shareferry.party.vm.message-timeout"
                : "something accepts connections there but closes them before a VM sends anything: a published"
                        + " container port or a tunnel without a VM behind it, or a VM that ended before its"
                        + " program accepted a client";
    }
}
