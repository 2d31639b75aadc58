// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.output.VerdictWords;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows what arrived at a client.
@Command(
        name = "results",
        description = "Show what arrived at a client.",
        footer = {
            "",
            "Examples:",
            "  shareferry results list --dir site",
            "  shareferry results get --latest --dir site",
            "  shareferry results get --label 7 --wait 60 -o csv --dir site >values.csv"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ResultsCommand {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int SHOWN_AS_TEXT = 20;
    private static final String LACK = "has no results";

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    /// @param clock by which certificates are judged
    public ResultsCommand(Clock clock) {
        this.clock = clock;
    }

    /// How a list is printed.
    enum ListForm {
        /// For people.
        TABLE,
        /// For programs, labels as strings.
        JSON
    }

    /// How one result is printed.
    enum ValueForm {
        /// For people.
        TEXT,
        /// For programs, values as strings.
        JSON,
        /// A line of index and value for each value.
        CSV,
        /// An array file of NumPy.
        NPY
    }

    @Command(name = "list", description = "List results, the newest first.")
    int list(
            @Option(names = "--label", paramLabel = "N", description = "Only results with this label.")
                    Optional<Long> label,
            @Option(names = "--parties", paramLabel = "PARTIES", description = "Only results of these, such as P0,P1.")
                    Optional<String> parties,
            @Option(names = "--verdict", paramLabel = "VERDICT", description = "VERIFIED, UNVERIFIED or REJECTED.")
                    Optional<String> verdict,
            @Option(names = "--limit", defaultValue = "50", paramLabel = "N", description = "At most this many.")
                    int limit,
            @Option(names = "-o", defaultValue = "table", paramLabel = "FORM", description = "table or json.")
                    ListForm form)
            throws CommandException, KeyFileException {
        var query = "?numbers=string&limit=" + limit
                + selected(label, parties)
                + verdict.map(text -> "&verdict=" + encoded(text)).orElse("");
        try (var client = client()) {
            var page = answer(client, "/v1/results" + query);
            if (form == ListForm.JSON) {
                spec.commandLine().getOut().println(page.path("results"));
                return 0;
            }
            var table = new Table(List.of("result", "label", "values", "scheme", "state", "first bundle"));
            for (var result : page.path("results")) {
                table.add(List.of(
                        text(result, "id"),
                        text(result, "label"),
                        text(result, "count"),
                        text(result, "scheme"),
                        result.has("verdict") ? VerdictWords.of(result) : text(result, "state"),
                        text(result, "firstSeen")));
            }
            table.print(spec.commandLine().getOut());
        }
        return 0;
    }

    @Command(name = "get", description = "Show the values of one result. The exit code is 1 if it is REJECTED.")
    int get(
            @Parameters(arity = "0..1", paramLabel = "ID", description = "The delivery's id.") Optional<String> id,
            @Option(names = "--label", paramLabel = "N", description = "The newest result with this label.")
                    Optional<Long> label,
            @Option(
                            names = "--parties",
                            paramLabel = "PARTIES",
                            description =
                                    "The newest result of these, such as P0,P1: each set of parties can use any label.")
                    Optional<String> parties,
            @Option(names = "--latest", description = "The newest result.") boolean latest,
            @Option(
                            names = "--wait",
                            defaultValue = "0",
                            paramLabel = "SECONDS",
                            description = "Wait for it this long.")
                    int wait,
            @Option(names = "-o", defaultValue = "text", paramLabel = "FORM", description = "text, json, csv or npy.")
                    ValueForm form,
            @Option(names = "--out", paramLabel = "FILE", description = "Write to this new file; needed for npy.")
                    Optional<Path> file)
            throws CommandException, KeyFileException, InterruptedException {
        if (id.isPresent() == (label.isPresent() || latest)) {
            throw new CommandException("Name one result: its ID, or --label N, or --latest.");
        }
        if (form == ValueForm.NPY && file.isEmpty()) {
            throw new CommandException("An array file is binary; name a file with --out.");
        }
        try (var client = client()) {
            var found = await(client, parsed(id), selected(label, parties), wait);
            return show(client, found, form, file);
        }
    }

    private JsonNode await(ServiceClient client, Optional<DeliveryId> id, String selected, int wait)
            throws CommandException, InterruptedException {
        var name = options.client(LACK);
        long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        for (; ; ) {
            var result = find(client, id, selected);
            if (result.filter(one -> one.has("verdict")).isPresent()) {
                return result.get();
            }
            if (System.nanoTime() >= end) {
                throw new CommandException(result.map(one -> "The newest result that fits is " + text(one, "state")
                                + "; wait for it with --wait SECONDS.")
                        .orElse("No result that fits has arrived at " + name
                                + "; shareferry status says what is on its way."));
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private Optional<JsonNode> find(ServiceClient client, Optional<DeliveryId> id, String selected)
            throws CommandException {
        if (id.isPresent()) {
            var answer = client.get("/v1/results/" + id.get() + "?numbers=string" + selected);
            return answer.status() == 404 ? Optional.empty() : Optional.of(require(answer));
        }
        var page = answer(client, "/v1/results?numbers=string&limit=1" + selected);
        return page.path("results").valueStream().findFirst();
    }

    private int show(ServiceClient client, JsonNode found, ValueForm form, Optional<Path> file)
            throws CommandException {
        var path = "/v1/results/" + text(found, "id") + "?parties="
                + String.join(
                        ",",
                        found.path("parties")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList());
        boolean isRejected = text(found, "verdict").equals("REJECTED");
        if (form == ValueForm.CSV || form == ValueForm.NPY) {
            if (isRejected) {
                throw new CommandException(words(found));
            }
            var bytes = client.download(path + "&format=" + (form == ValueForm.CSV ? "csv" : "npy"))
                    .orElseThrow(() -> new CommandException("The result is gone; it was deleted meanwhile."));
            write(bytes.toArray(), file);
        } else {
            var whole = answer(client, path + "&numbers=string");
            var text = form == ValueForm.JSON ? whole.toString() : words(whole);
            write((text + "\n").getBytes(StandardCharsets.UTF_8), file);
        }
        return isRejected ? 1 : 0;
    }

    /// A single value and its verdict stand on one line; several have a line each.
    private static String words(JsonNode result) {
        var values = result.path("values")
                .valueStream()
                .map(JsonNode::asString)
                .map(PlainText::of)
                .toList();
        if (values.size() == 1) {
            return values.getFirst() + "  " + text(result, "verdict");
        }
        var lines = new ArrayList<>(values.subList(0, Math.min(values.size(), SHOWN_AS_TEXT)));
        if (values.size() > SHOWN_AS_TEXT) {
            lines.add("and " + (values.size() - SHOWN_AS_TEXT) + " more: -o csv gives all");
        }
        lines.add(VerdictWords.of(result));
        result.path("reasons").forEach(reason -> lines.add("  " + PlainText.of(reason.asString(""))));
        return String.join("\n", lines);
    }

    private void write(byte[] content, Optional<Path> file) throws CommandException {
        if (file.isEmpty()) {
            spec.commandLine().getOut().print(new String(content, StandardCharsets.UTF_8));
            spec.commandLine().getOut().flush();
            return;
        }
        try {
            Files.write(file.get(), content, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new CommandException(file.get() + " cannot be written: it exists, or its folder is not writable.", e);
        }
    }

    private ServiceClient client() throws CommandException, KeyFileException {
        var name = options.client(LACK);
        return options.open(name, clock);
    }

    private static JsonNode answer(ServiceClient client, String path) throws CommandException {
        return require(client.get(path));
    }

    private static JsonNode require(ServiceAnswer answer) throws CommandException {
        if (!answer.isSuccess()) {
            throw new CommandException(answer.problem());
        }
        return answer.body();
    }

    private static Optional<DeliveryId> parsed(Optional<String> id) throws CommandException {
        try {
            return id.map(DeliveryId::parse);
        } catch (IllegalArgumentException e) {
            throw new CommandException("An id is 32 hex digits, a hyphen and a number.", e);
        }
    }

    private static String selected(Optional<Long> label, Optional<String> parties) {
        return label.map(number -> "&label=" + number).orElse("")
                + parties.map(names -> "&parties=" + encoded(names)).orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String text(JsonNode node, String name) {
        return PlainText.of(node.path(name).asString("-"));
    }
}
