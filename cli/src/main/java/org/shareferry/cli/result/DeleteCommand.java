// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry delete`.
@Command(
        name = "delete",
        description = {
            "Delete results at a client: their values and their envelopes, which are the evidence of a"
                    + " rejected one. Only deliveries that are checked or have expired.",
            "At once nothing of them is shown but that they are deleted; a minute later the content is gone. Backups"
                    + " from before still have it."
        },
        footer = {"", "Example:", "  shareferry delete 4c33fafb3e20a3fb9a7abeddcf53e347-0 --dir site"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class DeleteCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    @Option(
            names = "--parties",
            paramLabel = "P0,P1",
            description = "The parties of the delivery; needed only if there are several with its id.")
    private Optional<String> parties = Optional.empty();

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids of deliveries, as `status` shows them.")
    private List<String> ids;

    /// @param clock by which certificates are judged
    public DeleteCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var name = options.client("has no results");
        // Check all of them first, so that nothing is deleted if one is wrong.
        var paths = new ArrayList<String>();
        for (var id : ids) {
            paths.add(path(id));
        }
        try (var client = options.open(name, clock)) {
            for (int i = 0; i < paths.size(); i++) {
                var answer = client.delete(paths.get(i));
                if (!answer.isSuccess()) {
                    throw new CommandException(name + " did not delete " + ids.get(i) + ". " + answer.problem());
                }
                spec.commandLine().getOut().println("Deleted " + ids.get(i));
            }
        }
        return 0;
    }

    private String path(String id) throws CommandException {
        try {
            return "/v1/results/" + DeliveryId.parse(id)
                    + parties.map(set -> "?parties=" + PartySet.parse(set)).orElse("");
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "An id is 32 hex digits, a hyphen and a number, and --parties is such as P0,P1; these are " + id
                            + parties.map(set -> " and " + set).orElse("") + ".",
                    e);
        }
    }
}
