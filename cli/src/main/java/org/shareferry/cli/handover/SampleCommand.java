// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.output.VerdictText;
import org.shareferry.cli.service.DeploymentOption;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `shareferry sample`.
@Command(
        name = "sample",
        description = {
            "Hand sample shares to the party-services of a deployment that runs, by REST as their members' users, and"
                    + " print the values when the client has them.",
            "For tests only: whoever runs it sees all shares. Each call makes a new delivery."
        },
        footer = {"", "Examples:", "  shareferry sample --dir site", "  shareferry sample --dir site --values 1,2,3"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class SampleCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeploymentOption where;

    @Option(
            names = "--values",
            defaultValue = "-7,-6,-3,2,9,18,29,42,57,74",
            split = ",",
            paramLabel = "INTEGER",
            description = "The values, separated by commas (${DEFAULT-VALUE}).")
    private List<Long> values;

    @Option(names = "--json", description = "Print the client's result as JSON.")
    private boolean json;

    @Option(
            names = "--timeout",
            defaultValue = "120",
            paramLabel = "SECONDS",
            description = "How long the delivery may take to arrive (${DEFAULT-VALUE}).")
    private int timeout;

    private long end;

    /// @param clock by which certificates are judged
    public SampleCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var deployment = where.deployment();
        end = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
        try {
            var facts = facts(deployment);
            var handOvers = new Dealer(facts, new SecureRandom())
                    .deal(values.stream().map(BigInteger::valueOf).toList());
            for (int party = 0; party < handOvers.size(); party++) {
                handOver(deployment, facts.parties().get(party), handOvers.get(party));
            }
            (json ? spec.commandLine().getErr() : spec.commandLine().getOut())
                    .println("Handed over " + facts.id() + "; waiting for " + facts.recipient() + ".");
            var result = await(deployment, facts);
            print(result);
            return result.path("verdict").asString("").equals("REJECTED") ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted; run it again.", e);
        }
    }

    private HandOver.Facts facts(Deployment deployment) throws CommandException {
        var parties = members(deployment, Role.PARTY);
        var clients = members(deployment, Role.CLIENT);
        if (parties.size() < 2 || clients.isEmpty()) {
            throw new CommandException(
                    deployment.folder() + " has no parties or no client; name an output folder of shareferry init.");
        }
        var random = new SecureRandom();
        return new HandOver.Facts(
                new DeliveryId(new RunId(random.nextLong(), random.nextLong()), 0),
                clients.getFirst(),
                new Domain.Ring(128, 64),
                Scheme.BATCHED,
                0,
                0,
                new Shape(values.size(), Shape.DEFAULT_VALUES_PER_CHUNK),
                true,
                Optional.empty(),
                Optional.empty(),
                parties);
    }

    private static List<MemberName> members(Deployment deployment, Role role) {
        return deployment.services().stream()
                .map(Deployment.Service::member)
                .filter(member -> member.role() == role)
                .sorted()
                .toList();
    }

    /// Retries while a party does not know the client's key yet.
    private void handOver(Deployment deployment, MemberName party, HandOver handOver)
            throws CommandException, KeyFileException, InterruptedException {
        var body = HandOverJson.write(handOver);
        try (var client = client(deployment, party)) {
            ServiceAnswer answer;
            do {
                answer = client.post("/v1/deliveries", body);
                if (!answer.isSuccess() && !(answer.isWorthRetrying() && isTimeLeft())) {
                    throw new CommandException(party + " did not take its shares: " + answer.problem());
                }
            } while (!answer.isSuccess());
        }
    }

    private JsonNode await(Deployment deployment, HandOver.Facts facts)
            throws CommandException, KeyFileException, InterruptedException {
        try (var client = client(deployment, facts.recipient())) {
            while (true) {
                var result = result(client, facts);
                if (result.isPresent()) {
                    return result.get();
                }
                if (!isTimeLeft()) {
                    throw new CommandException("Delivery " + facts.id() + " did not arrive at " + facts.recipient()
                            + " within " + timeout + " s; the relay's /v1/deliveries/" + facts.id()
                            + " shows what it waits for.");
                }
            }
        }
    }

    /// Retries while a client is temporarily unreachable.
    private static Optional<JsonNode> result(ServiceClient client, HandOver.Facts facts) {
        try {
            return Optional.of(client.get("/v1/results/" + facts.id()).body())
                    .filter(result -> result.path("state").asString("").equals("checked"));
        } catch (CommandException e) {
            return Optional.empty();
        }
    }

    private ServiceClient client(Deployment deployment, MemberName member) throws CommandException, KeyFileException {
        var service = deployment.of(member);
        return ServiceClient.of(service, deployment.folderOf(service), clock);
    }

    /// Lets a moment pass.
    private boolean isTimeLeft() throws InterruptedException {
        Thread.sleep(LOOK_MILLIS);
        return System.nanoTime() < end;
    }

    private void print(JsonNode result) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(result);
            out.flush();
            return;
        }
        var table = new Table(List.of("delivery", "scheme", "verdict", "values"));
        table.add(List.of(
                result.path("id").asString(""),
                result.path("scheme").asString(""),
                VerdictText.of(result),
                result.path("values").valueStream().map(JsonNode::toString).collect(Collectors.joining(" "))));
        table.print(out);
    }
}
