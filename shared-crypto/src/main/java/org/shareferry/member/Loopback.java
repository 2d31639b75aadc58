// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import java.net.InetAddress;

/// This machine's own addresses, which no other machine can reach.
public final class Loopback {
    private Loopback() {}

    /// @param host a host name or an IP address; names are not resolved
    /// @return whether it is `localhost` or a loopback address. A name such as `127.0.0.1.example.org` is not
    public static boolean isNamed(String host) {
        try {
            return host.equalsIgnoreCase("localhost")
                    || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
