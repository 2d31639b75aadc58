// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.ContainerDeploymentMaker.Network;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.cli.output.Table;
import org.shareferry.delivery.Protocol;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.site.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry init`.
@Command(
        name = "init",
        description = {
            "Create keys, certificates, roster and settings for a whole demo deployment on this machine.",
            "Real members each create their own: keygen, certificates, invite, join."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry init --dir site --protocol spdz2k",
            "  shareferry init --dir site --protocol spdz2k --vm-port 14000 --mpspdz Player-Data",
            "  shareferry init --dir site --protocol malicious-rep-ring --parties 3 --honest-majority-protocols malicious-rep-ring"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class InitCommand implements Callable<Integer> {
    private static final int MOST_PARTIES = 256;
    private static final String DEMO_PROTOCOL = "spdz2k";
    private static final LauncherName LAUNCHER = LauncherName.byLauncher();

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where to; new or empty.")
    private Path folder;

    @Option(
            names = "--parties",
            defaultValue = "2",
            paramLabel = "N",
            description = "How many parties there are: P0 ... (${DEFAULT-VALUE}).")
    private int parties;

    @Option(
            names = "--client",
            defaultValue = "C0",
            split = ",",
            paramLabel = "NAME",
            description = "Who receives (${DEFAULT-VALUE}).")
    private List<String> clients;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description = "The protocol that the VMs run, as MP-SPDZ calls it; for a demo without VMs " + DEMO_PROTOCOL
                    + " unless named.")
    private Optional<String> protocol = Optional.empty();

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "The first of two ports for each service; otherwise free ones are taken.")
    private Optional<Integer> basePort = Optional.empty();

    @Option(
            names = "--containers",
            description =
                    "Create them for docker-compose.yml: DIR/P0, DIR/P1 ... have the files that each service's container"
                            + " mounts, DIR/users those of the users. Existing files are kept.")
    private boolean containers;

    @Option(
            names = "--kubernetes",
            description = "The same for k8s/overlays/demo, and DIR/kubernetes.yaml with all Secrets and ConfigMaps that"
                    + " it needs, for kubectl apply.")
    private boolean kubernetes;

    @Option(
            names = "--ca",
            paramLabel = "DIR",
            description = "With --kubernetes, for k8s/overlays/demo-operators: cert-manager issues the services'"
                    + " certificates, with the authority in DIR (shareferry authority).")
    private Optional<Path> authority = Optional.empty();

    @Option(
            names = "--vm-port",
            paramLabel = "PORT",
            description =
                    "The port that MP-SPDZ programs pass to connect(): each party-service then waits for its VM on that"
                            + " port plus the party's number. Needs --mpspdz.")
    private Optional<Integer> vmPort = Optional.empty();

    @Option(names = "--mpspdz", paramLabel = "FOLDER", description = "MP-SPDZ's folder of certificates, Player-Data.")
    private Optional<Path> mpspdz = Optional.empty();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    /// @param clock for the start of the certificates' validity
    public InitCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        if (authority.isPresent() && !kubernetes) {
            throw new CommandException("--ca needs --kubernetes; add it or leave --ca out.");
        }
        return containers || kubernetes ? makeForContainers() : makeForThisMachine();
    }

    private int makeForContainers() throws CommandException, KeyFileException {
        if (containers && kubernetes) {
            throw new CommandException("--containers and --kubernetes exclude each other: leave one of them out.");
        }
        if (!trust.trust(Plan.Trust.DEFAULT).equals(Plan.Trust.DEFAULT)) {
            throw new CommandException(
                    "--honest-majority-protocols and --min-threshold are for services on this machine;"
                            + " set shareferry.client.honest-majority-protocols and shareferry.client.min-threshold instead.");
        }
        if (basePort.isPresent()) {
            throw new CommandException("--containers and --base-port exclude each other: leave one of them out.");
        }
        var network = kubernetes ? Network.KUBERNETES : Network.COMPOSE;
        var made = new ContainerDeploymentMaker(clock, network, authority).make(plan());
        spec.commandLine()
                .getOut()
                .println(
                        made
                                ? "Made keys, certificates and roster of "
                                        + plan().members().size() + " members in " + folder + "."
                                : folder + " already has keys, certificates and roster; they were not changed.");
        printProtocol();
        return 0;
    }

    private int makeForThisMachine() throws CommandException, KeyFileException {
        var deployment = new DeploymentMaker(clock).make(plan());
        var out = spec.commandLine().getOut();
        var table = new Table(List.of("member", "service", "address", "health and metrics", "folder"));
        for (var service : deployment.services()) {
            table.add(List.of(
                    service.member().toString(),
                    service.artifact(),
                    service.address().toString(),
                    service.management().toString(),
                    deployment.folderOf(service).toString()));
        }
        table.print(out);
        out.println(LAUNCHER.in("shareferry run --dir " + Shell.word(folder))
                + " starts them here; or start each in its" + " folder, as its application.yml says.");
        printProtocol();
        mpspdz.ifPresent(this::printCertificateCommands);
        return 0;
    }

    /// The services start without the certificates of MP-SPDZ's VMs, but reach no VM.
    private void printCertificateCommands(Path playerData) {
        var lacking = IntStream.range(0, parties)
                .filter(party -> !Files.exists(playerData.resolve("P" + party + ".pem")))
                .boxed()
                .toList();
        if (lacking.isEmpty()) {
            return;
        }
        var out = spec.commandLine().getOut();
        out.println(playerData + " has no certificates of these VMs yet. To make them:");
        lacking.forEach(party -> out.println("  "
                + LAUNCHER.in("shareferry vm-certificates --mpspdz " + Shell.word(playerData) + " --party " + party)));
    }

    private Plan plan() throws CommandException {
        if (parties < 2 || parties > MOST_PARTIES) {
            throw new CommandException("--parties is 2 to " + MOST_PARTIES + ", not " + parties + ".");
        }
        var names = new ArrayList<MemberName>();
        for (var client : clients) {
            var name = Members.name(client);
            if (name.role() != Role.CLIENT || names.contains(name)) {
                throw new CommandException("--client takes clients such as C0 or C0,C1, each once; not " + name + ".");
            }
            names.add(name);
        }
        var waitingFor = vms();
        return new Plan(folder, parties, names, protocol(), basePort, waitingFor, trust.trust(Plan.Trust.DEFAULT));
    }

    private String protocol() throws CommandException {
        if (protocol.isEmpty() && vmPort.isPresent()) {
            throw new CommandException(
                    "--vm-port needs --protocol: name the protocol that the VMs run, because what the"
                            + " client shows as VERIFIED rests on it.");
        }
        var named = protocol.orElse(DEMO_PROTOCOL);
        requireProtocol(named);
        return named;
    }

    private void printProtocol() {
        if (protocol.isEmpty()) {
            spec.commandLine()
                    .getOut()
                    .println("The party-services are set to protocol " + DEMO_PROTOCOL
                            + ", for a demo; with VMs of your own name the one that they run, with --protocol.");
        }
    }

    private Optional<Plan.Vms> vms() throws CommandException {
        if (vmPort.isPresent() != mpspdz.isPresent()) {
            throw new CommandException("--vm-port and --mpspdz belong together; name both or neither.");
        }
        if (vmPort.isEmpty()) {
            return Optional.empty();
        }
        int port = vmPort.get();
        int last = Ports.LAST - (parties - 1);
        if (port < 1 || port > last) {
            throw new CommandException("--vm-port " + port + " leaves no room for " + parties
                    + " VMs; take one from 1024 to " + last + ".");
        }
        if (!Files.isDirectory(mpspdz.get())) {
            throw new CommandException("--mpspdz " + mpspdz.get()
                    + " is not a folder; name MP-SPDZ's folder of certificates, Player-Data.");
        }
        return Optional.of(new Plan.Vms(port, mpspdz.get()));
    }

    /// @throws CommandException when there is no such protocol
    public static void requireProtocol(String name) throws CommandException {
        if (Protocol.named(name).isEmpty()) {
            throw new CommandException("--protocol \"" + name
                    + "\" is not a protocol of MP-SPDZ that shares can be delivered from; name one of "
                    + Protocol.names() + ".");
        }
    }
}
