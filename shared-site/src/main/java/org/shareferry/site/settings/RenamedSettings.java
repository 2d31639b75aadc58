// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/// Settings that had another name in an earlier version. Spring Boot ignores names that it does not know, so a
/// service would start with the default instead of the operator's value.
public final class RenamedSettings {
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("shareferry.body-rate", "shareferry.min-body-rate"),
            Map.entry("shareferry.body-time", "shareferry.body-timeout"),
            Map.entry("shareferry.client.most-corrupt", "shareferry.client.min-threshold"),
            Map.entry("shareferry.party.first-retry", "shareferry.party.min-backoff"),
            Map.entry("shareferry.party.hand-overs-at-once", "shareferry.party.max-hand-overs"),
            Map.entry("shareferry.party.in-flight", "shareferry.party.requests-in-flight"),
            Map.entry("shareferry.party.key-refresh", "shareferry.party.key-refresh-interval"),
            Map.entry("shareferry.party.key-warning", "shareferry.party.key-expiry-warning"),
            Map.entry("shareferry.party.last-retry", "shareferry.party.max-backoff"),
            Map.entry("shareferry.party.receipt-wait", "shareferry.party.receipt-poll-timeout"),
            Map.entry("shareferry.party.vm.key-patience", "shareferry.party.vm.key-timeout"),
            Map.entry("shareferry.party.vm.last-words", "shareferry.party.vm.drain-timeout"),
            Map.entry("shareferry.party.vm.patience", "shareferry.party.vm.message-timeout"),
            Map.entry("shareferry.party.vm.pause", "shareferry.party.vm.reconnect-delay"),
            Map.entry("shareferry.party.vm.retry", "shareferry.party.vm.connect-interval"),
            Map.entry("shareferry.relay.first-retry", "shareferry.relay.min-backoff"),
            Map.entry("shareferry.relay.longest-retry", "shareferry.relay.max-backoff"),
            Map.entry("shareferry.relay.mirror-interval", "shareferry.relay.key-refresh-interval"));

    private static final Map<String, String> BY_LETTERS =
            RENAMED.keySet().stream().collect(Collectors.toUnmodifiableMap(RenamedSettings::letters, old -> old));

    private RenamedSettings() {}

    /// @return an error text for each setting with an old name, sorted
    public static List<String> in(Environment environment) {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .flatMap(name -> sentence(name).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static Optional<String> sentence(ConfigurationPropertyName name) {
        return Optional.ofNullable(BY_LETTERS.get(letters(withoutGroup(name))))
                .map(old -> "The setting " + name + " has a new name: use that of " + RENAMED.get(old) + " instead of "
                        + old + ".");
    }

    /// `shareferry.party.vms.NAME.retry` is treated as `shareferry.party.vm.retry`, and a setting of a set of
    /// parties as one of the client.
    private static String withoutGroup(ConfigurationPropertyName name) {
        var elements = new ArrayList<String>();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            elements.add(name.getElement(i, Form.UNIFORM));
        }
        if (elements.size() > 4 && elements.get(2).equals("vms")) {
            elements.set(2, "vm");
            elements.remove(3);
        } else if (elements.size() > 4 && elements.get(2).equals("partysets")) {
            elements.subList(2, 4).clear();
        }
        return String.join(".", elements);
    }

    /// Environment variables do not distinguish a dash from a dot.
    private static String letters(String name) {
        return name.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
    }
}
