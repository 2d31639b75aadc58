// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.site.Database;
import org.shareferry.site.MemberSite;
import org.shareferry.site.settings.ClientProperties.Mode;
import org.springframework.core.env.Environment;

/// Reads the doctor's [MemberSite] from the records of settings that the services have.
public final class SiteSettings {
    /// A client has the relay of the roster.
    private static final MemberName RELAY = new MemberName(Role.RELAY, 0);

    private final Environment environment;
    private final SettingsReader reader;
    private final Path folder;

    private SiteSettings(Environment environment, Path folder) {
        this.environment = environment;
        this.reader = new SettingsReader(environment);
        this.folder = folder;
    }

    /// What members of one role have.
    private record OfRole(
            List<MemberName> parties,
            List<List<MemberName>> partySets,
            MemberName relay,
            boolean isDialled,
            Optional<Path> openingKeys,
            List<MemberSite.Vm> vms,
            List<String> protocols,
            Optional<Path> canary,
            Optional<MemberSite.Webhook> webhook) {}

    /// @param environment the service's own, or one of [ServiceEnvironment]
    /// @param folder in which the service is started, for relative paths
    /// @throws SettingsException when a service does not start with these settings
    public static MemberSite read(Environment environment, Path folder) throws SettingsException {
        var renamed = RenamedSettings.in(environment);
        if (!renamed.isEmpty()) {
            throw new SettingsException(String.join(" ", renamed));
        }
        return new SiteSettings(environment, folder).site();
    }

    private MemberSite site() throws SettingsException {
        var service = reader.read(ServiceProperties.class);
        var tls = reader.read(TlsProperties.class);
        reader.read(NeighbourProperties.class);
        reader.requireNoFaults();
        return site(service.orElseThrow(), tls.orElseThrow());
    }

    private MemberSite site(ServiceProperties service, TlsProperties tls) throws SettingsException {
        var member = service.member();
        requireRole(member);
        var own = switch (member.role()) {
            case PARTY -> party(member);
            case RELAY -> relay();
            case CLIENT -> client();
        };
        return new MemberSite(
                member,
                new MemberSite.TlsFiles(
                        file(tls.certificate()), file(tls.privateKey()), file(tls.trust()), file(tls.authorities())),
                Stream.concat(service.users().stream(), service.monitors().stream())
                        .toList(),
                file(service.roster()),
                file(service.identityKey()),
                own.parties(),
                own.partySets(),
                own.relay(),
                own.isDialled(),
                service.clockTolerance(),
                database(),
                own.openingKeys(),
                own.vms(),
                own.protocols(),
                own.canary(),
                own.webhook());
    }

    /// A service's own application.yml names its role, so that the defaults of shareferry-service.yml can use it.
    private void requireRole(MemberName member) throws SettingsException {
        var role = environment.getProperty("shareferry.role", member.role().text());
        if (!role.equals(member.role().text())) {
            throw new SettingsException("shareferry.member is " + member + ", but this service is for a " + role
                    + ": give it the name of a " + role + ".");
        }
    }

    private Database database() {
        var url = environment.getProperty("spring.datasource.url");
        return url == null ? new Database.Other() : Database.of(url, folder);
    }

    private OfRole party(MemberName member) throws SettingsException {
        var read = reader.read(PartyProperties.class);
        var main = reader.read(VmProperties.class);
        var more = reader.read(VmsProperties.class);
        reader.requireNoFaults();
        var party = read.orElseThrow();
        var vms = ConfiguredVms.of(member, party, main.orElseThrow(), more.orElseThrow());
        return new OfRole(
                party.parties(),
                List.of(),
                party.relay(),
                true,
                Optional.empty(),
                vms.stream().map(this::vm).toList(),
                Stream.concat(Stream.of(party.protocol()), vms.stream().map(ConfiguredVm::protocol))
                        .map(Protocol::text)
                        .distinct()
                        .toList(),
                Optional.of(file(party.canary())),
                Optional.empty());
    }

    private MemberSite.Vm vm(ConfiguredVm vm) {
        return new MemberSite.Vm(
                vm.settings(),
                vm.properties().host(),
                vm.tcpPort(),
                vm.properties().certificatesForTls().map(this::file),
                vm.properties().fixedClient(),
                vm.own().number());
    }

    private OfRole relay() throws SettingsException {
        reader.read(RelayProperties.class);
        reader.requireNoFaults();
        return new OfRole(
                List.of(),
                List.of(),
                RELAY,
                true,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private OfRole client() throws SettingsException {
        var read = reader.read(ClientProperties.class);
        var webhook = reader.read(WebhookProperties.class);
        reader.requireNoFaults();
        var client = read.orElseThrow();
        ConfiguredPartySets.of(client);
        return new OfRole(
                sorted(client.parties()),
                client.partySets().values().stream()
                        .map(set -> sorted(set.parties()))
                        .toList(),
                RELAY,
                client.mode() == Mode.PUSH,
                Optional.of(file(client.keys())),
                List.of(),
                List.of(),
                Optional.empty(),
                webhook(webhook.orElseThrow()));
    }

    private Optional<MemberSite.Webhook> webhook(WebhookProperties webhook) {
        return webhook.receiver()
                .map(url -> new MemberSite.Webhook(
                        url,
                        Optional.ofNullable(webhook.secretFile()).map(this::file),
                        Optional.ofNullable(webhook.trust()).map(this::file)));
    }

    private static List<MemberName> sorted(List<MemberName> parties) {
        return parties.stream().sorted().toList();
    }

    private Path file(Path path) {
        return folder.resolve(path).normalize();
    }
}
