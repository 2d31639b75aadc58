// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.AuthorityCommand;
import org.shareferry.cli.certificate.Issuer;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.certificate.TrustCommand;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.KeygenCommand;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;

/// Makes keys, certificates and roster of a deployment whose services run in containers. What each service
/// reads is in a folder of its own, which may be a volume that no other container mounts:
///
/// | folder | content | who mounts it |
/// |---|---|---|
/// | `P0`, `P1`, `R0`, `C0` | identity.pem, tls.key, tls.crt, trust.pem, roster.json | its service |
/// | `users` | services.json; each member's user.crt, user.key, user.p12 and its service's tls.crt | people |
/// | `monitors` | for each member monitor.crt, monitor.key and its service's tls.crt | Prometheus |
public final class ContainerDeploymentMaker {
    private static final int PORT = 8443;
    private static final int MANAGEMENT_PORT = 9443;
    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final String ROSTER = "roster.json";
    private static final String TRUST = "trust.pem";

    /// Under which name a member's service is found by the others.
    public enum Network {
        /// That of its service in docker-compose.yml, such as `relay-service`.
        COMPOSE,
        /// That of its Service in its own namespace, such as `relay-service.shareferry-r0.svc`; also,
        /// all that the members' namespaces need is written to [KubernetesObjects#FILE].
        KUBERNETES
    }

    private final Issuer issuer;
    private final Network network;
    private final Optional<Path> authority;

    /// @param clock for the start of the certificates' validity
    /// @param authority the folder of an authority that everybody trusts, and with which cert-manager issues the
    ///     certificates of services and monitors; without it all are made here and sign themselves
    public ContainerDeploymentMaker(Clock clock, Network network, Optional<Path> authority)
            throws CommandException, KeyFileException {
        this.issuer = authority.isPresent()
                ? Issuer.ofAuthority(clock, LIFETIME, authority.get())
                : Issuer.selfSigned(clock, LIFETIME);
        this.network = network;
        this.authority = authority;
    }

    /// @param plan its folder and those in it may be there; its ports are not looked at
    /// @return whether it was created; false if it existed
    /// @throws CommandException when a folder has something else in it
    public boolean make(Plan plan) throws CommandException, KeyFileException {
        NewFiles.folder(plan.folder());
        var users = plan.folder().resolve("users");
        if (Files.exists(users.resolve(Deployment.FILE))) {
            return false;
        }
        var monitors = plan.folder().resolve("monitors");
        NewFiles.emptyFolder(users);
        NewFiles.emptyFolder(monitors);
        var lines = new ArrayList<Member>();
        for (var member : plan.members()) {
            lines.add(writeMember(plan.folder(), member));
        }
        for (var member : plan.members()) {
            var folder = plan.folder().resolve(member.toString());
            NewFiles.writePublic(folder.resolve(ROSTER), Roster.of(lines).toJson());
            writeTrust(plan, member, folder);
        }
        NewFiles.writePublic(users.resolve(ROSTER), Roster.of(lines).toJson());
        if (network == Network.KUBERNETES) {
            KubernetesObjects.write(plan, authority);
        }
        // Last, because it shows the next run that everything is complete.
        new Deployment(users, plan.members().stream().map(this::service).toList()).write();
        return true;
    }

    private Member writeMember(Path parent, MemberName member) throws CommandException, KeyFileException {
        var folder = parent.resolve(member.toString());
        NewFiles.emptyFolder(folder);
        var certificates = new MemberCertificates(member, hosts(member), MemberCertificates.DEFAULT_PASSWORD);
        var user = parent.resolve("users").resolve(member.toString());
        NewFiles.folder(user);
        certificates.writeUser(user, issuer);
        if (authority.isPresent()) {
            copy(authority.get().resolve(AuthorityCommand.CERTIFICATE), user);
        } else {
            certificates.writeService(folder, issuer);
            copy(folder.resolve(MemberCertificates.SERVICE), user);
            writeMonitor(parent, member, certificates);
        }
        return KeygenCommand.make(member, addressInRoster(member), folder);
    }

    private void writeMonitor(Path parent, MemberName member, MemberCertificates certificates)
            throws CommandException, KeyFileException {
        var monitor = parent.resolve("monitors").resolve(member.toString());
        NewFiles.folder(monitor);
        certificates.writeMonitor(monitor, issuer);
        copy(parent.resolve(member.toString()).resolve(MemberCertificates.SERVICE), monitor);
    }

    /// In a demo, one authority issues the certificates of all neighbours.
    private void writeTrust(Plan plan, MemberName member, Path folder) throws CommandException {
        if (authority.isEmpty()) {
            TrustCommand.write(folder.resolve(TRUST), pins(plan, member));
            return;
        }
        var members = new HashSet<>(plan.neighbours(member));
        members.add(member);
        TrustCommand.writeAuthority(
                folder.resolve(TrustCommand.AUTHORITIES),
                authority.get().resolve(AuthorityCommand.CERTIFICATE),
                members);
    }

    private static List<String> pins(Plan plan, MemberName member) {
        var folder = plan.folder();
        var own = member.toString();
        var pins = new ArrayList<String>();
        pins.add(member + "=" + folder.resolve(own).resolve(MemberCertificates.SERVICE));
        pins.add(MemberCertificates.userName(member) + "="
                + folder.resolve("users").resolve(own).resolve(MemberCertificates.USER));
        pins.add(MemberCertificates.monitorName(member) + "="
                + folder.resolve("monitors").resolve(own).resolve(MemberCertificates.MONITOR));
        for (var neighbour : plan.neighbours(member)) {
            pins.add(neighbour + "=" + folder.resolve(neighbour.toString()).resolve(MemberCertificates.SERVICE));
        }
        return pins;
    }

    /// Parties accept no connections from other members, so they have no address.
    private Optional<URI> addressInRoster(MemberName member) {
        return member.role() == Role.PARTY
                ? Optional.empty()
                : Optional.of(service(member).address());
    }

    private Deployment.Service service(MemberName member) {
        return new Deployment.Service(
                member,
                URI.create("https://" + host(member) + ":" + PORT),
                URI.create("http://127.0.0.1:" + MANAGEMENT_PORT));
    }

    /// Besides its name for the others, its port on the loopback interface of the machine with the
    /// containers.
    private List<String> hosts(MemberName member) {
        var hosts = new ArrayList<>(List.of(host(member), "localhost", "127.0.0.1", "::1"));
        if (network == Network.KUBERNETES) {
            // Prometheus expects this name.
            hosts.add(service(member).artifact());
        }
        return hosts;
    }

    /// @return in Compose the name of its service, with the member's if there are several of a kind
    private String host(MemberName member) {
        var service = member.role().text() + "-service";
        if (network == Network.KUBERNETES) {
            return service + "." + KubernetesObjects.namespace(member) + ".svc";
        }
        return member.role() != Role.PARTY && member.number() == 0
                ? service
                : service + "-" + member.toString().toLowerCase(Locale.ROOT);
    }

    private static void copy(Path file, Path folder) throws CommandException {
        var to = folder.resolve(file.getFileName());
        try {
            Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new CommandException(to + " cannot be written; check that its folder is yours.", e);
        }
    }
}
