// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.certificate.TrustCommand;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.KeygenCommand;
import org.shareferry.cli.output.Progress;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;

/// Creates keys, certificates, roster and settings of a demo deployment. Real members each create their own.
public final class DeploymentMaker {
    private static final String HOST = "127.0.0.1";
    private static final List<String> HOSTS = List.of("localhost", HOST, "::1");
    private static final Duration LIFETIME = Duration.ofDays(365);

    private final Clock clock;

    /// @param clock for the start of the certificates' validity
    public DeploymentMaker(Clock clock) {
        this.clock = clock;
    }

    /// Shows on a terminal for how many members it is done.
    ///
    /// @throws CommandException when the plan's folder has something in it
    public Deployment make(Plan plan) throws CommandException, KeyFileException {
        var progress = new Progress(new PrintWriter(Writer.nullWriter()));
        var members = plan.members();
        var ports = Ports.take(plan.basePort(), 2 * members.size(), plan.vmPorts());
        NewFiles.emptyFolder(plan.folder());
        var services = new ArrayList<Deployment.Service>();
        for (var member : members) {
            services.add(new Deployment.Service(
                    member,
                    URI.create("https://" + HOST + ":" + ports.next()),
                    URI.create("http://" + HOST + ":" + ports.next())));
        }
        var deployment = new Deployment(plan.folder(), services);
        writeMembers(deployment, plan, progress);
        progress.clear();
        deployment.write();
        return deployment;
    }

    private void writeMembers(Deployment deployment, Plan plan, Progress progress)
            throws CommandException, KeyFileException {
        var lines = new ArrayList<Member>();
        for (var service : deployment.services()) {
            progress.show(lines.size(), deployment.services().size(), "members have keys and certificates");
            var folder = deployment.folderOf(service);
            NewFiles.folder(folder);
            lines.add(KeygenCommand.make(service.member(), addressInRoster(service), folder));
            new MemberCertificates(service.member(), HOSTS, MemberCertificates.DEFAULT_PASSWORD)
                    .write(folder, clock, LIFETIME);
            NewFiles.writePublic(folder.resolve("application.yml"), Settings.yaml(service, plan));
        }
        NewFiles.writePublic(
                deployment.folder().resolve("roster.json"), Roster.of(lines).toJson());
        for (var service : deployment.services()) {
            writeTrust(deployment, service.member(), plan);
        }
    }

    /// Parties accept no connections from other members, so they have no address.
    private static Optional<URI> addressInRoster(Deployment.Service service) {
        return service.member().role() == Role.PARTY ? Optional.empty() : Optional.of(service.address());
    }

    private static void writeTrust(Deployment deployment, MemberName member, Plan plan) throws CommandException {
        var own = deployment.folderOf(deployment.of(member));
        var trusted = new ArrayList<String>();
        trusted.add(member + "=" + own.resolve(MemberCertificates.SERVICE));
        trusted.add(MemberCertificates.userName(member) + "=" + own.resolve(MemberCertificates.USER));
        for (var neighbour : plan.neighbours(member)) {
            var folder = deployment.folderOf(deployment.of(neighbour));
            trusted.add(neighbour + "=" + folder.resolve(MemberCertificates.SERVICE));
        }
        TrustCommand.write(own.resolve("trust.pem"), trusted);
    }
}
