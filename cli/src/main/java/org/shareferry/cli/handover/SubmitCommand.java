// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.service.DeploymentOption;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry submit`.
@Command(
        name = "submit",
        description = {
            "Hand a share vector over to its party's own service, as that party's user: what POST /v1/deliveries takes."
                    + " The service seals it to the client, and submits the envelopes to the relay.",
            "FILE is JSON (.json), CBOR (.cbor), or a CBOR head followed by the shares alone (.bin). The same file again"
                    + " changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry submit P1.handover.json --dir site",
            "  shareferry submit P0.handover.json P1.handover.json --wait 60 --dir site",
            "  shareferry submit shares.bin --member P1 --dir site"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class SubmitCommand implements Callable<Integer> {
    private static final Pattern NAMED = Pattern.compile("(P[0-9]+)\\..*");
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeploymentOption where;

    @Option(
            names = "--member",
            paramLabel = "PARTY",
            description = "Whose shares they are; by default what the file's name begins with, as in P1.handover.json.")
    private Optional<String> member = Optional.empty();

    @Option(
            names = "--wait",
            defaultValue = "30",
            paramLabel = "SECONDS",
            description = "How long to try again while the service is busy or has no key of the client yet"
                    + " (${DEFAULT-VALUE}).")
    private int wait;

    @Mixin
    private FormOption form;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Hand-overs, such as shareferry split writes.")
    private List<Path> files;

    /// @param clock by which certificates are judged
    public SubmitCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException, InterruptedException {
        if (member.isPresent() && files.size() > 1) {
            throw new CommandException(
                    "--member is for one file; name several by their parties, as in P1.handover.json.");
        }
        var deployment = where.deployment();
        for (var file : files) {
            // Check all of them first, so that nothing is handed over if one is wrong.
            deployment.require(party(file));
            type(file);
            requireReadable(file);
        }
        for (var file : files) {
            var party = party(file);
            var service = deployment.require(party);
            try (var client = ServiceClient.of(service, deployment.folderOf(service), clock)) {
                print(party, submit(client, party, file));
            }
        }
        return 0;
    }

    private MemberName party(Path file) throws CommandException {
        var matcher = NAMED.matcher(String.valueOf(file.getFileName()));
        var named = member.or(() -> matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty());
        var name = Members.name(named.orElseThrow(() -> new CommandException(
                "The name of " + file + " does not name a party; add --member, such as --member P1.")));
        if (name.role() != Role.PARTY) {
            throw new CommandException(name + " has no shares; name a party, such as P1.");
        }
        return name;
    }

    private static String type(Path file) throws CommandException {
        var name = file.toString();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "json" -> "application/json";
            case "cbor" -> "application/cbor";
            case "bin" -> "application/octet-stream";
            default -> throw new CommandException(file + " must end in .json, .cbor or .bin, which states its format.");
        };
    }

    private static void requireReadable(Path file) throws CommandException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new CommandException(file + " does not exist or cannot be read; check the path.");
        }
    }

    private ServiceAnswer submit(ServiceClient client, MemberName party, Path file)
            throws CommandException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        while (true) {
            var answer = client.post("/v1/deliveries", type(file), () -> open(file));
            if (answer.isSuccess()) {
                return answer;
            }
            if (!answer.isWorthRetrying() || System.nanoTime() >= end) {
                throw new CommandException(party + " did not take " + file + ". " + answer.problem());
            }
            Thread.sleep(answer.retryAfter()
                    .filter(time -> time.compareTo(BETWEEN_TRIES) < 0)
                    .orElse(BETWEEN_TRIES));
        }
    }

    private static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(MemberName party, ServiceAnswer answer) {
        var id = PlainText.of(answer.body().path("id").asString("-"));
        var state = PlainText.of(answer.body().path("state").asString("-"));
        spec.commandLine()
                .getOut()
                .println(
                        form.isJson()
                                ? JsonText.of(JsonText.object()
                                        .put("member", party.toString())
                                        .put("id", id)
                                        .put("state", state))
                                : party + "  " + id + "  " + state);
    }
}
