// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.shareferry.cli.result.ResultRequests.encoded;
import static org.shareferry.cli.result.ResultRequests.selected;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.Confirmation;
import org.shareferry.cli.output.FormOption.Form;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.RepeatedOutput;
import org.shareferry.cli.output.Terminal;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows what arrived at a client, and deletes it.
@Command(
        name = "results",
        description = "Show what arrived at a client, or delete it.",
        footer = {
            "",
            "Examples:",
            "  shareferry results list --dir site",
            "  shareferry results get --latest --dir site",
            "  shareferry results get --label 7 --wait 60 -o csv --dir site >values.csv"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ResultsCommand {
    static final String LACK = "has no results";

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    /// @param clock by which certificates are judged
    public ResultsCommand(Clock clock) {
        this.clock = clock;
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

    @Command(
            name = "list",
            description = "List results, the newest first.",
            footer = {
                "",
                "Examples:",
                "  shareferry results list --verdict REJECTED --dir site",
                "  shareferry results list --watch --dir site"
            })
    int list(
            @Option(names = "--label", paramLabel = "N", description = "Only results with this label.")
                    Optional<Long> label,
            @Option(names = "--parties", paramLabel = "PARTIES", description = "Only results of these, such as P0,P1.")
                    Optional<String> parties,
            @Option(names = "--verdict", paramLabel = "VERDICT", description = "VERIFIED, UNVERIFIED or REJECTED.")
                    Optional<String> verdict,
            @Option(names = "--limit", defaultValue = "50", paramLabel = "N", description = "At most this many.")
                    int limit,
            @Option(
                            names = "--watch",
                            description = "Repeat until Ctrl-C. If the output is not a terminal, print only changes.")
                    boolean isWatched,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            paramLabel = "FORM",
                            description = "table or json.")
                    Form form)
            throws CommandException, KeyFileException {
        var query = "&limit=" + limit
                + selected(label, parties)
                + verdict.map(text -> "&verdict=" + encoded(text)).orElse("");
        var out = spec.commandLine().getOut();
        try (var client = client()) {
            var requests = new ResultRequests(client);
            if (isWatched) {
                boolean isRedrawn = Terminal.detect().isOut() && form == Form.TABLE;
                return RepeatedOutput.until(() -> snapshot(requests, query, form), out, isRedrawn);
            }
            out.print(snapshot(requests, query, form).text());
            out.flush();
        }
        return 0;
    }

    private RepeatedOutput.Snapshot snapshot(ResultRequests requests, String query, Form form) throws CommandException {
        var results = requests.page(query);
        if (form == Form.TABLE) {
            return ResultText.table(results, Paint.of(spec.commandLine()));
        }
        var json = ResultText.json(results);
        return new RepeatedOutput.Snapshot(json + "\n", json);
    }

    @Command(
            name = "get",
            description = "Show the values of one result. The exit code is 1 if it is REJECTED.",
            footer = {
                "",
                "Examples:",
                "  shareferry results get --latest --dir site",
                "  shareferry results get 4c33fafb3e20a3fb9a7abeddcf53e347-0 -o npy --out values.npy --dir site",
                "  shareferry results get --label 7 --watch -o json --dir site"
            })
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
            @Option(
                            names = "--watch",
                            description = "Show the newest result that fits, and then each further one, until Ctrl-C.")
                    boolean isWatched,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            paramLabel = "FORM",
                            description = "text, json, csv or npy.")
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
        if (isWatched && (id.isPresent() || file.isPresent() || form == ValueForm.CSV)) {
            throw new CommandException("--watch shows result after result as text or json: use it with --label or"
                    + " --latest, and without --out.");
        }
        try (var client = client()) {
            var shown = new ShownResult(new ResultRequests(client), form, file, spec.commandLine());
            var selected = selected(label, parties);
            return isWatched ? shown.each(selected) : shown.one(options.client(LACK), parsed(id), selected, wait);
        }
    }

    @Command(
            name = "delete",
            description = {
                "Delete results: the values and the envelopes that they came in, which are the evidence of a rejected"
                        + " one. Only what is checked or has expired.",
                "At once nothing of them is shown but that they are deleted; a minute later the content is gone."
                        + " Backups that were made before still have it, and a disk may until it is written over."
            },
            footer = {
                "",
                "Examples:",
                "  shareferry results delete 4c33fafb3e20a3fb9a7abeddcf53e347-0 --dir site",
                "  shareferry results delete --older-than 30d --values --yes --dir site"
            })
    int delete(
            @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids of deliveries, as `list` shows them.")
                    List<String> ids,
            @Option(
                            names = "--older-than",
                            paramLabel = "AGE",
                            description = "All that were checked, or expired, longer ago than this, such as 30d.")
                    Optional<String> age,
            @Option(names = "--values", description = "Delete the values and keep what else is known: verdict, label.")
                    boolean onlyValues,
            @Option(
                            names = "--parties",
                            paramLabel = "P0,P1",
                            description = "Only of these; needed if several deliveries have the id.")
                    Optional<String> parties,
            @Option(names = "--yes", description = "Do not ask.") boolean isSure,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "table",
                            paramLabel = "FORM",
                            description = "table or json.")
                    Form form)
            throws CommandException, KeyFileException {
        var named = Optional.ofNullable(ids).orElse(List.of());
        if (named.isEmpty() == age.isEmpty()) {
            throw new CommandException("Name what to delete: ids, or --older-than AGE.");
        }
        var name = options.client(LACK);
        var extent = onlyValues ? Deletion.Extent.VALUES : Deletion.Extent.DELIVERY;
        // All arguments are read first, so that nothing is deleted if one of them is wrong.
        var targets = new ArrayList<Deletion.Target>();
        for (var id : named) {
            targets.add(Deletion.Target.of(id, parties));
        }
        var oldest = age.isEmpty() ? clock.instant() : clock.instant().minus(Deletion.parseAge(age.get()));
        try (var client = options.open(name, clock)) {
            var deletion = new Deletion(client, name, extent);
            if (age.isPresent()) {
                targets.addAll(deletion.find(oldest, parties));
            }
            if (!isSure && !targets.isEmpty()) {
                Confirmation.require(deletion.question(targets));
            }
            if (targets.isEmpty() && form == Form.TABLE) {
                spec.commandLine().getOut().println("Nothing is that old.");
            }
            deletion.run(targets, form, spec.commandLine().getOut());
        }
        return 0;
    }

    private ServiceClient client() throws CommandException, KeyFileException {
        var name = options.client(LACK);
        return options.open(name, clock);
    }

    private static Optional<DeliveryId> parsed(Optional<String> id) throws CommandException {
        try {
            return id.map(DeliveryId::parse);
        } catch (IllegalArgumentException e) {
            throw new CommandException("An id is 32 hex digits, a hyphen and a number.", e);
        }
    }
}
