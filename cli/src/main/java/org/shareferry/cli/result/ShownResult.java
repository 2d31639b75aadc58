// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.shareferry.cli.result.ResultRequests.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.RepeatedOutput;
import org.shareferry.cli.result.ResultsCommand.ValueForm;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.member.MemberName;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// Shows results with their values.
///
/// @param requests to the client's service
/// @param form in which
/// @param file where to; otherwise standard output
/// @param line the command that prints
record ShownResult(ResultRequests requests, ValueForm form, Optional<Path> file, CommandLine line) {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /// If more results than this change between two outputs, only the newest are shown.
    private static final String MOST_BETWEEN_LOOKS = "&limit=200";

    /// Waits for a result that is checked, and shows it.
    ///
    /// @param id its id; without one the newest that is selected
    /// @param wait seconds
    /// @return the exit code: 1 when it is rejected
    int one(MemberName client, Optional<DeliveryId> id, String selected, int wait)
            throws CommandException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        boolean isHinted = false;
        for (; ; ) {
            var result = requests.find(id, selected);
            if (result.filter(found -> found.has("verdict")).isPresent()) {
                return show(result.get());
            }
            var hint = openRequests(client);
            if (System.nanoTime() >= end) {
                throw new CommandException(result.map(found -> "The newest result that fits is " + text(found, "state")
                                        + "; wait for it with --wait SECONDS.")
                                .orElse("No result that fits has arrived at " + client
                                        + "; shareferry status shows deliveries in progress.")
                        + hint);
            }
            if (!hint.isEmpty() && !isHinted) {
                line.getErr().println(hint.strip());
                isHinted = true;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// A program that waits for an input delivers nothing.
    ///
    /// @return a sentence with a space before it; empty if no request is open
    private String openRequests(MemberName client) {
        var open = requests.open();
        return open.isEmpty()
                ? ""
                : " A program waits for an input of " + client + ": request "
                        + open.getFirst().id() + ", label " + open.getFirst().text("label")
                        + " (shareferry requests shows how to answer it).";
    }

    /// @return a line below a request for inputs that has no answer; empty otherwise
    private Optional<String> unanswered(JsonNode found) {
        return text(found, "scheme").equals("input")
                ? requests.open().stream()
                        .filter(request -> request.id().equals(text(found, "id")))
                        .map(request -> "  This request " + request.inWords())
                        .findFirst()
                : Optional.empty();
    }

    /// Shows the newest checked result, and then each further one.
    ///
    /// @return only when the thread is interrupted
    int each(String selected) throws CommandException {
        var seen = new HashSet<String>();
        boolean isFirst = true;
        do {
            var checked = requests.page(MOST_BETWEEN_LOOKS + selected).stream()
                    .filter(result -> result.has("verdict"))
                    .toList();
            for (var result : isFirst ? checked.stream().limit(1).toList() : checked.reversed()) {
                if (!seen.contains(key(result))) {
                    show(result);
                }
            }
            checked.forEach(result -> seen.add(key(result)));
            isFirst &= checked.isEmpty();
        } while (RepeatedOutput.pause());
        return 0;
    }

    private static String key(JsonNode result) {
        return text(result, "id") + " " + result.path("parties");
    }

    private int show(JsonNode found) throws CommandException {
        boolean isRejected = text(found, "verdict").equals("REJECTED");
        var paint = file.isPresent() ? Paint.none() : Paint.of(line);
        switch (form) {
            case CSV, NPY -> {
                if (isRejected) {
                    throw new CommandException(ResultText.of(found, Paint.none()));
                }
                if (ResultText.isDeleted(found)) {
                    throw new CommandException("The values of delivery " + text(found, "id") + " were deleted.");
                }
                write(requests.file(found, form == ValueForm.CSV ? "csv" : "npy"));
            }
            case JSON -> write(JsonText.of(requests.whole(found)));
            case TEXT ->
                write(ResultText.of(requests.whole(found), paint)
                        + unanswered(found).map(below -> "\n" + below).orElse(""));
        }
        return isRejected ? 1 : 0;
    }

    private void write(String text) throws CommandException {
        write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] content) throws CommandException {
        if (file.isEmpty()) {
            line.getOut().print(new String(content, StandardCharsets.UTF_8));
            line.getOut().flush();
            return;
        }
        try {
            Files.write(file.get(), content, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new CommandException(file.get() + " cannot be written: it exists, or its folder is not writable.", e);
        }
    }
}
