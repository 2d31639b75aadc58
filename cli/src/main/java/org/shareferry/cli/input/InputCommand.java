// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Gives a private input to a client's service, before a program asks for it.
@Command(
        name = "input",
        description = {
            "Give a private input to a client's service. It waits there for a request of the program that has the same"
                    + " label, parties, protocol, count, precision and bits, and is then used once.",
            "The file has CSV (a value in each line, or index and value), raw signed little-endian integers, or JSON"
                    + " in the format of POST /v1/inputs, with its own parameters. The values are never shown again."
        },
        footer = {
            "",
            "Examples:",
            "  echo 2 | shareferry input --label 1754 --parties P0,P1 --protocols spdz2k --bits 64 --format csv --dir site -",
            "  shareferry input --label 7 --parties P0,P1 --protocols spdz2k --bits 64 --dir site values.csv"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class InputCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private static final List<String> PARAMETERS = List.of(
            "--label",
            "--parties",
            "--protocols",
            "--bits",
            "--precision",
            "--size",
            "--until",
            "--times",
            "--accept-unverified",
            "--program");

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    @Option(
            names = "--format",
            paramLabel = "csv|raw|json",
            description = "What the file has. Without it the file's name must end with .csv, .json, .raw or .bin.")
    private Optional<String> format = Optional.empty();

    @Option(names = "--label", paramLabel = "NUMBER", description = "The label of the program's request.")
    private Optional<String> label = Optional.empty();

    @Option(names = "--parties", paramLabel = "P0,P1", description = "All parties of the computation.")
    private Optional<String> parties = Optional.empty();

    @Option(names = "--protocols", paramLabel = "NAMES", description = "MPC protocols that may use it, with commas.")
    private Optional<String> protocols = Optional.empty();

    @Option(
            names = "--bits",
            paramLabel = "BITS",
            description = "Bits of each integer, 1 to 256, as in the program's request.")
    private Optional<String> bits = Optional.empty();

    @Option(
            names = "--precision",
            defaultValue = "0",
            paramLabel = "F",
            description = "Values are multiplied by 2^F and rounded (${DEFAULT-VALUE}); raw integers were already.")
    private String precision;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description = "Of each raw integer; by default bits / 8, rounded up.")
    private Optional<String> size = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "How long it may be used, such as 2026-01-01T12:00:00Z; by default for a day.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--times",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description = "How many requests may use it (${DEFAULT-VALUE}). Whoever may run a program again learns more"
                    + " of it each time.")
    private String times;

    @Option(
            names = "--accept-unverified",
            paramLabel = "NAMES",
            description = "Protocols for which a request need not be verified, with commas.")
    private Optional<String> acceptUnverified = Optional.empty();

    @Option(
            names = "--program",
            paramLabel = "DIGEST",
            description = "64 hex digits: the digest that each party's operator configured for the program. Without it,"
                    + " any program that an honest party agrees to run may use the input.")
    private Optional<String> program = Optional.empty();

    @Parameters(paramLabel = "FILE", description = "The values; - for standard input.")
    private String file;

    /// @param clock by which certificates are judged
    public InputCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var name = options.client("gives no inputs");
        var type = type();
        boolean isJson = type.equals("application/json");
        if (isJson) {
            requireNoParameters();
        }
        var path = isJson ? "/v1/inputs" : "/v1/inputs?" + query();
        var progress = new Progress(spec.commandLine().getErr());
        try (var in = new CountedFile(open(), progress);
                var client = options.open(name, clock)) {
            var answer = client.post(path, type, () -> in);
            if (!answer.isSuccess()) {
                throw new CommandException(name + " did not take the input. " + answer.problem());
            }
            spec.commandLine()
                    .getOut()
                    .println("The input waits at " + name + " as "
                            + answer.body().path("id").asString(""));
            return 0;
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read to its end; check it and try again.", e);
        }
    }

    /// Digits that are taken for raw integers are other values, so what a file has is never guessed.
    private String type() throws CommandException {
        var ending = file.substring(file.lastIndexOf('.') + 1);
        return switch (format.orElse(ending.equals("bin") ? "raw" : ending)) {
            case "csv" -> "text/csv";
            case "json" -> "application/json";
            case "raw" -> "application/octet-stream";
            default ->
                throw new CommandException(
                        "Add --format csv, raw or json: the name " + file + " does not show the format.");
        };
    }

    /// A parameter that is not sent would silently have no effect.
    private void requireNoParameters() throws CommandException {
        for (var option : PARAMETERS) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new CommandException("JSON has its own parameters: say " + option.substring(2) + " in " + file
                        + " instead of by " + option + ".");
            }
        }
    }

    private String query() throws CommandException {
        var query = new LinkedHashMap<String, String>();
        needed(query, "label", label);
        needed(query, "parties", parties);
        needed(query, "protocols", protocols);
        needed(query, "bits", bits);
        query.put("precision", precision);
        query.put("times", times);
        query.put(
                "until",
                until.orElseGet(() -> Instant.ofEpochSecond(clock.instant().getEpochSecond())
                        .plus(Duration.ofDays(1))
                        .toString()));
        acceptUnverified.ifPresent(names -> query.put("acceptUnverified", names));
        program.ifPresent(digest -> query.put("program", digest));
        if (type().endsWith("stream")) {
            size.ifPresent(bytes -> query.put("size", bytes));
        }
        return query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static void needed(Map<String, String> query, String name, Optional<String> value) throws CommandException {
        query.put(
                name,
                value.orElseThrow(() -> new CommandException("CSV and raw integers need --label, --parties, --protocols"
                        + " and --bits; --" + name + " is missing.")));
    }

    private InputStream open() throws CommandException {
        if (file.equals(STANDARD_INPUT)) {
            return System.in;
        }
        try {
            return Files.newInputStream(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new CommandException(
                    "There is no file " + file + "; name one with values, or - for standard input.", e);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read; check its owner.", e);
        }
    }
}
