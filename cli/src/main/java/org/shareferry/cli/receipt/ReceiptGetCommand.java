// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.receipt;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.service.DeploymentOption;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `shareferry receipt get`.
@Command(
        name = "get",
        description = "Fetch all receipts of a delivery from a party or the relay.",
        footer = {
            "",
            "Example:",
            "  shareferry receipt get 4c33fafb3e20a3fb9a7abeddcf53e347-0 --member P1 --out receipts.json --dir site"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ReceiptGetCommand implements Callable<Integer> {
    private static final int PAGE = 100;

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "The delivery's id.")
    private String id;

    @Mixin
    private DeploymentOption where;

    @Option(
            names = "--member",
            defaultValue = "R0",
            paramLabel = "NAME",
            description = "The relay, or a party (${DEFAULT-VALUE}).")
    private String member;

    @Option(
            names = "--parties",
            paramLabel = "P0,P1",
            description = "The parties of the delivery; needed only if the relay has several with its id.")
    private Optional<String> parties = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this new file.")
    private Optional<Path> file = Optional.empty();

    ReceiptGetCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var name = Members.name(member);
        if (name.role() == Role.CLIENT) {
            throw new CommandException(name + " issues receipts but does not store them; name the relay or a party.");
        }
        var json = JsonText.of(receipts(name, path()));
        if (file.isPresent()) {
            NewFiles.writePublic(file.get(), json + "\n");
        } else {
            spec.commandLine().getOut().println(json);
        }
        return 0;
    }

    private JsonNode receipts(MemberName name, String path) throws CommandException, KeyFileException {
        var deployment = where.deployment();
        var service = deployment.require(name);
        var root = JsonText.object();
        var all = root.putArray("receipts");
        try (var client = ServiceClient.of(service, deployment.folderOf(service), clock)) {
            int size;
            do {
                var answer = client.get(path + "&after=" + all.size());
                if (!answer.isSuccess()) {
                    throw new CommandException(name + " has no such receipts. " + answer.problem());
                }
                size = answer.body().path("receipts").size();
                answer.body().path("receipts").forEach(all::add);
            } while (size == PAGE);
        }
        return root;
    }

    private String path() throws CommandException {
        try {
            return "/v1/deliveries/" + DeliveryId.parse(id) + "/receipts?limit=" + PAGE
                    + parties.map(set -> "&parties=" + PartySet.parse(set)).orElse("");
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "An id is 32 hex digits, a hyphen and a number, and --parties is such as P0,P1.", e);
        }
    }
}
