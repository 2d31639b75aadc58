// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.doctor.Database;
import org.shareferry.doctor.MemberSite;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/// Reads the doctor's [MemberSite] from the settings of a service. It uses the same binder as the services' settings
/// records, so both accept the same spellings.
public final class SiteSettings {
    private static final String TLS = "shareferry.tls.";
    private static final String VM = "shareferry.party.vm.";
    private static final String VMS = "shareferry.party.vms";
    private static final String SETS = "shareferry.client.party-sets";
    private static final String WEBHOOK = "shareferry.client.webhook.";
    private static final int LAST_PORT = 65_535;
    private static final MemberName RELAY = new MemberName(Role.RELAY, 0);

    private static final Map<Class<?>, String> FORMS = Map.of(
            Duration.class, "a time such as 5m",
            Integer.class, "a whole number",
            Boolean.class, "true or false",
            Mode.class, "push or pull",
            Path.class, "a path");

    private final Binder binder;
    private final Path folder;

    private SiteSettings(Environment environment, Path folder) {
        this.binder = new Binder(
                ConfigurationPropertySources.get(environment),
                new PropertySourcesPlaceholdersResolver(environment),
                SettingConverters.all());
        this.folder = folder;
    }

    /// As in the client-service's settings.
    private enum Mode {
        PUSH,
        PULL
    }

    /// @param environment the service's own, or one of [ServiceEnvironment]
    /// @param folder in which the service is started, for relative paths
    /// @throws SettingsException when a required setting is missing, has the wrong form or is set by an old name
    public static MemberSite read(Environment environment, Path folder) throws SettingsException {
        var renamed = RenamedSettings.in(environment);
        if (!renamed.isEmpty()) {
            throw new SettingsException(String.join(" ", renamed));
        }
        return new SiteSettings(environment, folder).site();
    }

    private MemberSite site() throws SettingsException {
        var member = require("shareferry.member", MemberName.class);
        var role = member.role();
        return new MemberSite(
                member,
                new MemberSite.TlsFiles(
                        file(TLS + "certificate"),
                        file(TLS + "private-key"),
                        file(TLS + "trust"),
                        file(TLS + "authorities")),
                local(),
                file("shareferry.roster"),
                file("shareferry.identity-key"),
                parties(role),
                role == Role.CLIENT ? partySets() : List.of(),
                find("shareferry.party.relay", MemberName.class).orElse(RELAY),
                find("shareferry.client.mode", Mode.class).orElse(Mode.PUSH) == Mode.PUSH,
                find("shareferry.clock-tolerance", Duration.class).orElse(Duration.ofMinutes(5)),
                Database.of(
                        find("spring.datasource.url", String.class).orElse("jdbc:sqlite:" + role.text() + ".db"),
                        folder),
                role == Role.CLIENT ? path("shareferry.client.keys") : Optional.empty(),
                role == Role.PARTY ? vms(member) : List.of(),
                role == Role.PARTY ? protocols() : List.of(),
                path("shareferry.party.canary").orElseGet(() -> folder.resolve("canary")),
                role == Role.CLIENT ? webhook() : Optional.empty());
    }

    private Optional<MemberSite.Webhook> webhook() throws SettingsException {
        var url = find(WEBHOOK + "url", String.class).filter(text -> !text.isBlank());
        var secretFile = path(WEBHOOK + "secret-file");
        var trust = path(WEBHOOK + "trust");
        return url.map(text -> new MemberSite.Webhook(text.strip(), secretFile, trust));
    }

    private List<String> local() throws SettingsException {
        var local = new ArrayList<String>();
        for (var name : List.of("shareferry.users", "shareferry.monitors")) {
            local.addAll(bind(name, Bindable.listOf(String.class)).orElse(List.of()));
        }
        return local;
    }

    private List<MemberName> parties(Role role) throws SettingsException {
        return names("shareferry." + role.text() + ".parties");
    }

    private List<MemberName> names(String setting) throws SettingsException {
        return bind(setting, Bindable.listOf(MemberName.class)).orElse(List.of()).stream()
                .sorted()
                .toList();
    }

    /// @return the parties of each further set of a client
    private List<List<MemberName>> partySets() throws SettingsException {
        var sets = new ArrayList<List<MemberName>>();
        for (var name : keys(SETS)) {
            var parties = names(SETS + "." + name + ".parties");
            if (parties.isEmpty()) {
                throw missing(SETS + "." + name + ".parties");
            }
            sets.add(parties);
        }
        return sets;
    }

    private List<MemberSite.Vm> vms(MemberName member) throws SettingsException {
        var vms = new ArrayList<MemberSite.Vm>();
        if (find(VM + "port", Integer.class).isPresent()) {
            vms.add(vm(VM, member));
        }
        for (var name : keys(VMS)) {
            vms.add(vm(VMS + "." + name + ".", member));
        }
        return vms;
    }

    /// @return the names of settings below this one, ascending
    private Set<String> keys(String setting) throws SettingsException {
        return bind(setting, Bindable.mapOf(String.class, Object.class))
                .<Set<String>>map(all -> new TreeSet<>(all.keySet()))
                .orElse(Set.of());
    }

    /// @return the configured protocols of a party: that of the service, and those of its VMs
    private List<String> protocols() throws SettingsException {
        var protocols = new ArrayList<String>();
        find("shareferry.party.protocol", String.class).ifPresent(protocols::add);
        find(VM + "protocol", String.class).ifPresent(protocols::add);
        for (var name : keys(VMS)) {
            find(VMS + "." + name + ".protocol", String.class).ifPresent(protocols::add);
        }
        return protocols;
    }

    private MemberSite.Vm vm(String settings, MemberName member) throws SettingsException {
        int port = require(settings + "port", Integer.class);
        int party = find(settings + "party", Integer.class).orElse(member.number());
        boolean isOnePort = find(settings + "one-port", Boolean.class).orElse(false);
        boolean hasTls = find(settings + "tls", Boolean.class).orElse(true);
        var certificates = path(settings + "certificates");
        if (hasTls && certificates.isEmpty()) {
            throw new SettingsException(settings
                    + "certificates is not set; set it to the folder with MP-SPDZ's certificates (Player-Data).");
        }
        int tcpPort = isOnePort ? port : port + party;
        if (port < 1 || tcpPort > LAST_PORT) {
            throw new SettingsException(settings
                    + "port, plus the party's number unless one-port is set, is not a port from 1 to " + LAST_PORT
                    + "; correct it.");
        }
        return new MemberSite.Vm(
                settings.substring(0, settings.length() - 1),
                find(settings + "host", String.class).orElse("127.0.0.1"),
                tcpPort,
                hasTls ? certificates : Optional.empty(),
                find(settings + "client", Integer.class),
                party);
    }

    private Path file(String name) throws SettingsException {
        return path(name).orElseThrow(() -> missing(name));
    }

    private Optional<Path> path(String name) throws SettingsException {
        return find(name, Path.class).map(path -> folder.resolve(path).normalize());
    }

    private <T> T require(String name, Class<T> type) throws SettingsException {
        return find(name, type).orElseThrow(() -> missing(name));
    }

    private <T> Optional<T> find(String name, Class<T> type) throws SettingsException {
        return bind(name, Bindable.of(type));
    }

    private <T> Optional<T> bind(String name, Bindable<T> target) throws SettingsException {
        try {
            var bound = binder.bind(name, target);
            return bound.isBound() ? Optional.of(bound.get()) : Optional.empty();
        } catch (BindException e) {
            throw wrong(e, target);
        }
    }

    private static SettingsException missing(String name) {
        return new SettingsException(name + " is not set; add it.");
    }

    private static SettingsException wrong(BindException e, Bindable<?> target) {
        var place = Optional.ofNullable(Origin.from(e.getProperty()))
                .map(origin -> " (" + origin + ")")
                .orElse("");
        var form = FORMS.getOrDefault(target.getType().resolve(Object.class), "a member's name such as P0, R0 or C0");
        return new SettingsException(e.getName() + place + " is not " + form + "; correct it.", e);
    }
}
