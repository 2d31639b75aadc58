// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rule for the address of a webhook: `https`, or `http` to this machine.
public final class WebhookAddress {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");

    private WebhookAddress() {}

    /// @return what is wrong with an address, as the end of a sentence; empty if it can be used
    public static Optional<String> objection(String address) {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL");
        }
        var host = uri.getHost();
        if (host == null) {
            return Optional.of("is not a URL with a host");
        }
        if (uri.getUserInfo() != null || uri.getFragment() != null) {
            return Optional.of("contains a user name or a fragment (#)");
        }
        if ("https".equals(uri.getScheme())) {
            return Optional.empty();
        }
        return "http".equals(uri.getScheme()) && LOOPBACK.matcher(host).matches()
                ? Optional.empty()
                : Optional.of("does not begin with https://; http:// is possible to localhost only");
    }
}
