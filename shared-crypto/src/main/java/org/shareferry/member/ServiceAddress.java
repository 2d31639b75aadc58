// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// Parser for service addresses (`https://host:port`) and their hosts. It accepts only hosts that Java's HTTP client
/// can connect to and that a certificate can name.
public final class ServiceAddress {
    private static final String SCHEME = "https://";
    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOST = 253;
    private static final int MAX_LABEL = 63;
    private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");

    private ServiceAddress() {}

    /// @param text `https://host:port` only; the default port is 443
    /// @return the address
    /// @throws IllegalArgumentException with a message, safe to show, that says which part is wrong
    public static URI parse(String text) {
        fault(text).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        return URI.create(text);
    }

    /// @param host a host name (RFC 1123 §2.1) or an IP address without brackets
    /// @return what is wrong with it, for people; empty if nothing is
    public static Optional<String> hostFault(String host) {
        return host.contains(":") ? ipv6Fault(host) : ipv4OrNameFault(host);
    }

    private static Optional<String> fault(String text) {
        if (!text.startsWith(SCHEME)) {
            return Optional.of("The address does not begin with https://.");
        }
        var authority = text.substring(SCHEME.length());
        if (authority.matches("(?s).*[/?#@\\s].*")) {
            return Optional.of("The address has more than https://host:port: no user, path, query or spaces.");
        }
        return authority.startsWith("[") ? bracketsFault(authority) : plainFault(authority);
    }

    private static Optional<String> bracketsFault(String authority) {
        int end = authority.indexOf(']');
        if (end < 0) {
            return Optional.of("The IPv6 address has no closing bracket.");
        }
        return ipv6Fault(authority.substring(1, end)).or(() -> portFault(authority.substring(end + 1)));
    }

    private static Optional<String> plainFault(String authority) {
        int colon = authority.indexOf(':');
        if (colon != authority.lastIndexOf(':')) {
            return Optional.of("An IPv6 address needs brackets: https://[address]:port.");
        }
        int end = colon < 0 ? authority.length() : colon;
        return ipv4OrNameFault(authority.substring(0, end)).or(() -> portFault(authority.substring(end)));
    }

    /// @param rest the text after the host: empty, or a colon and the port
    private static Optional<String> portFault(String rest) {
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        boolean isPort = rest.matches(":[0-9]{1,5}")
                && Integer.parseInt(rest.substring(1)) >= 1
                && Integer.parseInt(rest.substring(1)) <= MAX_PORT;
        return isPort ? Optional.empty() : Optional.of("The port is not a number from 1 to " + MAX_PORT + ".");
    }

    private static Optional<String> ipv6Fault(String address) {
        if (address.contains("%")) {
            return Optional.of("The IPv6 address has a zone (%). A zone is valid on one machine only: use an"
                    + " address or a host name that all neighbours can resolve.");
        }
        try {
            return Inet6Address.ofLiteral(address).getAddress().length == 16
                    ? Optional.empty()
                    : Optional.of("The IPv6 address maps an IPv4 address: write the IPv4 address.");
        } catch (IllegalArgumentException e) {
            return Optional.of("The host is not an IPv6 address.");
        }
    }

    private static Optional<String> ipv4OrNameFault(String host) {
        if (!IPV4.matcher(host).matches()) {
            return nameFault(host);
        }
        try {
            Inet4Address.ofLiteral(host);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("The host is not an IPv4 address: each number is from 0 to 255.");
        }
    }

    private static Optional<String> nameFault(String host) {
        if (host.isEmpty()) {
            return Optional.of("The host is missing.");
        }
        if (host.contains("_")) {
            return Optional.of("The host name has an underscore, which RFC 1123 does not allow and Java's HTTP client"
                    + " cannot connect to: give the service a network alias without one.");
        }
        if (host.length() > MAX_HOST) {
            return Optional.of("The host name has more than " + MAX_HOST + " characters.");
        }
        for (var label : host.split("\\.", -1)) {
            if (label.length() > MAX_LABEL) {
                return Optional.of("A label of the host name has more than " + MAX_LABEL + " characters.");
            }
            if (!LABEL.matcher(label).matches()) {
                return Optional.of("The host name has a label that is not letters, digits and inner hyphens (write a"
                        + " name with other letters in its xn-- form).");
            }
        }
        return lastLabelFault(host);
    }

    /// RFC 1123 §2.1: a name whose last label is a number would look like an address. If there are several labels,
    /// Java's URI refuses every last label that begins with a digit.
    private static Optional<String> lastLabelFault(String host) {
        boolean isRefused = host.contains(".")
                ? Character.isDigit(host.charAt(host.lastIndexOf('.') + 1))
                : host.chars().allMatch(Character::isDigit);
        return isRefused
                ? Optional.of("The last label of the host name begins with a digit, which Java's HTTP client cannot"
                        + " connect to: use another name, or an IPv4 address of four numbers.")
                : Optional.empty();
    }
}
