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
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Gives a private input to a client's service, before a program asks for it, or in answer to an open request.
@Command(
        name = "input",
        description = {
            "Give a private input to a client's service. It waits there for a request of the program that has the same"
                    + " label, parties, protocol, count, precision and bits, and is then used once. It does not answer"
                    + " a request that was made before: --request ID does.",
            "The file has CSV (a value in each line, or index and value), raw signed little-endian integers, or JSON"
                    + " in the format of POST /v1/inputs, with its own parameters. The values are never shown again."
        },
        footer = {
            "",
            "Examples:",
            "  echo 2 | shareferry input --label 1754 --parties P0,P1 --protocols spdz2k --bits 64 --format csv --dir site -",
            "  shareferry input --label 7 --parties P0,P1 --protocols spdz2k --bits 64 --dir site values.csv",
            "  shareferry input --request 4c33fafb3e20a3fb9a7abeddcf53e347-0 --format csv --dir site -"
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
            "--until",
            "--times",
            "--accept-unverified",
            "--program");

    /// What a request determines.
    private static final List<String> OF_REQUESTS =
            List.of("--label", "--protocols", "--bits", "--precision", "--program");

    private static final List<String> OF_WAITING_INPUTS = List.of("--until", "--times");
    private static final String JSON = "application/json";
    private static final String RAW = "application/octet-stream";
    private static final String VALUES = "";
    private static final String IN_JSON = "Set %1$s in %3$s, not with %2$s.";

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    @Mixin
    private FormOption form;

    @Option(
            names = "--request",
            paramLabel = "ID",
            description = "Answer this open request (see shareferry requests) with values. The answer can never be"
                    + " changed.")
    private Optional<String> request = Optional.empty();

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

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|VALUE",
            description = "The file with the values; - for standard input. With --request and without --format: the"
                    + " values, decimal numbers. Other users of this machine can see what is on a command line, and the"
                    + " shell may keep it.")
    private List<String> operands = List.of();

    /// @param clock by which certificates are judged
    public InputCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var name = options.client("gives no inputs");
        return request.isPresent() ? answer(name, request.get()) : give(name);
    }

    private int give(MemberName name) throws CommandException, KeyFileException {
        if (operands.size() > 1) {
            throw new CommandException("Name one file with values; values without a file need --request.");
        }
        var type = type();
        requireSizeOnlyOfRaw(type);
        boolean isJson = type.equals(JSON);
        if (isJson) {
            requireNone(PARAMETERS, IN_JSON);
        }
        try (var client = options.open(name, clock)) {
            var answer = send(client, isJson ? "/v1/inputs" : "/v1/inputs?" + query(), type);
            if (!answer.isSuccess()) {
                throw new CommandException(name + " did not take the input. " + answer.problem());
            }
            print(name, answer.body());
            return 0;
        }
    }

    private void print(MemberName name, JsonNode stored) {
        var out = spec.commandLine().getOut();
        var id = PlainText.of(stored.path("id").asString(""));
        var open = OpenRequest.of(stored.path("openRequests"));
        if (form.isJson()) {
            var root = JsonText.object()
                    .put("client", name.toString())
                    .put("input", id)
                    .put("next", stored.path("next").asString(""));
            var list = root.putArray("openRequests");
            open.forEach(request -> list.add(request.summary()));
            out.println(JsonText.of(root));
            return;
        }
        out.println(name + " has stored the input as " + id + ".");
        if (open.isEmpty()) {
            out.println(PlainText.of(stored.path("detail").asString("")));
        }
        for (var request : open) {
            out.println("It does not answer the open request " + request.id() + ": " + request.detail());
            request.instructions(options).forEach(out::println);
        }
    }

    private int answer(MemberName name, String id) throws CommandException, KeyFileException {
        requireNone(OF_REQUESTS, "The request has its own %s; leave %s out.");
        requireNone(OF_WAITING_INPUTS, "%2$s does not apply to an answer; leave it out.");
        var type = format.isEmpty() ? VALUES : type();
        requireSizeOnlyOfRaw(type);
        if (type.equals(JSON)) {
            requireNone(List.of("--accept-unverified"), IN_JSON);
        }
        var made = RequestAnswer.of(id, parties, acceptUnverified);
        try (var client = options.open(name, clock)) {
            var answer = format.isEmpty()
                    ? client.post(made.pathForJson(), made.json(operands))
                    : send(client, made.pathForFile(size), type);
            if (!answer.isSuccess()) {
                throw new CommandException(name + " did not answer request " + id + ". " + answer.problem());
            }
            var out = spec.commandLine().getOut();
            out.println(
                    form.isJson()
                            ? JsonText.of(JsonText.object()
                                    .put("client", name.toString())
                                    .put("answered", id))
                            : name + " has answered request " + id + ". The answer can never be changed.");
            return 0;
        }
    }

    private ServiceAnswer send(ServiceClient client, String path, String type) throws CommandException {
        if (operands.size() > 1) {
            throw new CommandException("--format is for a file: name one, or leave --format out.");
        }
        var progress = new Progress(spec.commandLine().getErr());
        try (var in = new CountedFile(open(), progress)) {
            return client.post(path, type, () -> in);
        } catch (IOException e) {
            throw new CommandException(file() + " cannot be read to its end; check it and try again.", e);
        }
    }

    private String file() {
        return operands.getFirst();
    }

    /// Digits that are taken for raw integers are other values, so what a file has is never guessed.
    private String type() throws CommandException {
        var file = file();
        var ending = file.substring(file.lastIndexOf('.') + 1);
        return switch (format.orElse(ending.equals("bin") ? "raw" : ending)) {
            case "csv" -> "text/csv";
            case "json" -> JSON;
            case "raw" -> RAW;
            default ->
                throw new CommandException(
                        "Add --format csv, raw or json: the name " + file + " does not show the format.");
        };
    }

    /// A parameter that is not sent would silently have no effect.
    ///
    /// @param sentence with places for the parameter, the option and the file
    private void requireNone(List<String> names, String sentence) throws CommandException {
        for (var option : names) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new CommandException(sentence.formatted(option.substring(2), option, file()));
            }
        }
    }

    private void requireSizeOnlyOfRaw(String type) throws CommandException {
        if (!type.equals(RAW)) {
            requireNone(List.of("--size"), "%2$s is for raw integers; leave it out.");
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
        if (type().equals(RAW)) {
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
        var file = file();
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
