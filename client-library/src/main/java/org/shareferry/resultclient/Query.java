// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.StringJoiner;

/// The query of an address.
final class Query {
    private final StringJoiner parts = new StringJoiner("&", "?", "").setEmptyValue("");

    Query add(String name, Object value) {
        parts.add(name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        return this;
    }

    /// Adds items with commas between them, if there are some.
    Query addList(String name, Collection<String> items) {
        return items.isEmpty() ? this : add(name, String.join(",", items));
    }

    @Override
    public String toString() {
        return parts.toString();
    }
}
