// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.doctor.Database;
import org.shareferry.doctor.Site;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// Where a service looks for its files, by its settings and their defaults.
final class MemberSettings {
    private static final MemberName RELAY = new MemberName(Role.RELAY, 0);

    private final SettingsFile settings;
    private final Path folder;

    private MemberSettings(SettingsFile settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    /// @param file the service's application.yml
    /// @param folder in which the service is started
    /// @param environment with which it is started
    /// @throws CommandException when a setting is missing or has not its form
    static Site read(Path file, Path folder, Map<String, String> environment) throws CommandException {
        return new MemberSettings(SettingsFile.read(file, environment), folder).site();
    }

    private Site site() throws CommandException {
        var member = member("shareferry.member", settings.require("shareferry.member"));
        var role = member.role();
        var parties = new java.util.ArrayList<MemberName>();
        for (var name : settings.list("shareferry." + role.text() + ".parties")) {
            parties.add(member("shareferry." + role.text() + ".parties", name));
        }
        var relay = settings.find("shareferry.party.relay");
        var mode = settings.find("shareferry.client.mode").orElse("push");
        var database = settings.find("spring.datasource.url").orElse("jdbc:sqlite:" + role.text() + ".db");
        return new Site(
                member,
                new Site.TlsFiles(
                        tls("certificate", "keystore.certificate", "tls.crt"),
                        tls("private-key", "keystore.private-key", "tls.key"),
                        tls("trust", "truststore.certificate", "trust.pem")),
                path(settings.require("shareferry.roster")),
                path(settings.require("shareferry.identity-key")),
                parties,
                relay.isPresent() ? member("shareferry.party.relay", relay.get()) : RELAY,
                mode.equalsIgnoreCase("push"),
                duration("shareferry.clock-tolerance", Duration.ofMinutes(5)),
                Database.of(database, folder),
                role == Role.CLIENT ? settings.find("shareferry.client.keys").map(this::path) : Optional.empty(),
                role == Role.PARTY ? vm(member) : Optional.empty());
    }

    private Path tls(String name, String inBundle, String otherwise) {
        return path(settings.find("spring.ssl.bundle.pem.member." + inBundle)
                .or(() -> settings.find("shareferry.tls." + name))
                .orElse(otherwise));
    }

    private Path path(String text) {
        return folder.resolve(text.replaceFirst("^file:(//)?", "")).normalize();
    }

    private Optional<Site.Vm> vm(MemberName member) throws CommandException {
        if (settings.find("shareferry.party.vm.port").isEmpty()) {
            return Optional.empty();
        }
        int party = number("shareferry.party.vm.party", member.number());
        int base = number("shareferry.party.vm.port", 0);
        boolean isOnePort = is("shareferry.party.vm.one-port", false);
        boolean hasTls = is("shareferry.party.vm.tls", true);
        var certificates = settings.find("shareferry.party.vm.certificates").map(this::path);
        if (hasTls && certificates.isEmpty()) {
            throw new CommandException(settings.file() + " does not set shareferry.party.vm.certificates; set it to"
                    + " MP-SPDZ's Player-Data.");
        }
        return Optional.of(new Site.Vm(
                settings.find("shareferry.party.vm.host").orElse("127.0.0.1"),
                isOnePort ? base : base + party,
                hasTls ? certificates : Optional.empty(),
                number("shareferry.party.vm.client", party),
                party));
    }

    private boolean is(String name, boolean otherwise) {
        return settings.find(name).map(text -> text.equalsIgnoreCase("true")).orElse(otherwise);
    }

    private int number(String name, int otherwise) throws CommandException {
        var text = settings.find(name).orElse(Integer.toString(otherwise));
        if (!text.matches("[0-9]{1,5}")) {
            throw wrong(name, "a number");
        }
        return Integer.parseInt(text);
    }

    private MemberName member(String name, String text) throws CommandException {
        try {
            return MemberName.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name, "a member's name such as P0, R0 or C0");
        }
    }

    /// ISO 8601, or a number with its unit as in `5m`.
    private Duration duration(String name, Duration otherwise) throws CommandException {
        var text = settings.find(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            var value = text.get().toUpperCase(Locale.ROOT);
            if (value.startsWith("P")) {
                return Duration.parse(value);
            }
            return value.endsWith("MS")
                    ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
                    : Duration.parse(value.endsWith("D") ? "P" + value : "PT" + value);
        } catch (DateTimeParseException | NumberFormatException e) {
            throw wrong(name, "a time such as 5m");
        }
    }

    private CommandException wrong(String name, String form) {
        return new CommandException(
                settings.file() + " sets " + name + " to something that is not " + form + "; correct it.");
    }
}
