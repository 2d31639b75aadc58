// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/// Says in words why there is no VM yet, which is no failure: a VM listens only while its program wants a client.
final class Absence {
    private Absence() {}

    /// @param e why no connection could be made
    static String unreachable(IOException e) {
        return switch (e) {
            case UnknownHostException unknown -> "the host name has no address";
            case NoRouteToHostException noRoute -> "there is no route to the host";
            case SocketTimeoutException silent -> "the host does not answer; a firewall may drop what is sent to it";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("unreachable") -> "the network is unreachable";
            case ConnectException refused -> "nothing listens there";
            default -> "the host cannot be reached";
        };
    }

    /// @param e why a connection ended before anything came
    static String unheard(IOException e) {
        return e instanceof SocketTimeoutException
                ? "something accepts connections there, but says nothing for longer than shareferry.party.vm.message-timeout"
                : "something accepts connections there and closes them before a VM speaks: a published container port"
                        + " or a tunnel behind which no VM listens yet, or a VM that ended before its program accepted"
                        + " a client";
    }
}
