// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.util.List;
import java.util.Locale;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;

/// A VM of a party as it is configured: with the settings of the service where it has none of its own.
///
/// @param name identifies the VM in settings, logs and metrics
/// @param own this party
/// @param properties its settings
/// @param protocol that it runs
/// @param program the digest of its program, 32 bytes; empty if none is configured
/// @param parties of its computation, ascending; empty for all parties of the roster
public record ConfiguredVm(
        String name,
        MemberName own,
        VmProperties properties,
        Protocol protocol,
        Bytes program,
        List<MemberName> parties) {
    /// The name of the VM that `shareferry.party.vm` configures.
    public static final String MAIN = "main";

    public ConfiguredVm {
        parties = List.copyOf(parties);
    }

    /// @return what the names of its settings begin with, without a dot at the end
    String settings() {
        return settings(name);
    }

    /// @return the name of one of its settings
    public String setting(String of) {
        return setting(name, of);
    }

    /// @param name a VM's
    /// @return the name of one of its settings
    static String setting(String name, String of) {
        return settings(name) + "." + of;
    }

    private static String settings(String name) {
        return "shareferry.party." + (name.equals(MAIN) ? "vm" : "vms." + name);
    }

    /// @return the name of the VM's setting, or of the service's setting if the VM has none
    public String settingOf(String what, boolean isItsOwn) {
        return isItsOwn ? setting(what) : "shareferry.party." + what;
    }

    /// @return host and port, as configured
    public String place() {
        return properties.host() + ":" + tcpPort();
    }

    /// @return a normal form of host and port: the same for all names of this machine
    String listener() {
        return properties.isOnLoopback() ? "loopback:" + tcpPort() : place().toLowerCase(Locale.ROOT);
    }

    /// @return the TCP port on which the VM listens
    public int tcpPort() {
        return properties.tcpPort(own.number());
    }
}
