// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.shareferry.cli.result.ResultRequests.encoded;
import static org.shareferry.cli.result.ResultRequests.text;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.FormOption.Form;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.member.MemberName;
import tools.jackson.databind.JsonNode;

/// Deletes results at a client.
///
/// @param client the client's service, as its user
/// @param name of the client
/// @param extent what is deleted of each
record Deletion(ServiceClient client, MemberName name, Extent extent) {
    private static final Pattern AGE = Pattern.compile("([0-9]{1,6})([smhd])");

    /// What is deleted of a result.
    enum Extent {
        /// Values and envelopes; the verdict stays.
        VALUES("/values"),
        /// Everything.
        DELIVERY("");

        private final String path;

        Extent(String path) {
            this.path = path;
        }

        String text() {
            return this == VALUES ? "the values of" : "delivery";
        }
    }

    /// @return what to ask before these are deleted
    String question(List<Target> targets) {
        var what = targets.size() == 1
                ? extent.text() + " " + targets.getFirst().id()
                : (extent == Extent.VALUES ? "the values of " : "") + targets.size() + " results";
        return "Delete " + what + " at " + name + "?";
    }

    /// A result that is to be deleted.
    record Target(DeliveryId id, Optional<PartySet> parties) {
        static Target of(String id, Optional<String> parties) throws CommandException {
            try {
                return new Target(DeliveryId.parse(id), parties.map(PartySet::parse));
            } catch (IllegalArgumentException e) {
                throw new CommandException(
                        "An id is 32 hex digits, a hyphen and a number, and --parties is such as P0,P1; these are " + id
                                + parties.map(set -> " and " + set).orElse("") + ".",
                        e);
            }
        }
    }

    /// @param age such as `30d`
    static Duration parseAge(String age) throws CommandException {
        var matcher = AGE.matcher(age);
        if (!matcher.matches()) {
            throw new CommandException("--older-than is a number with s, m, h or d, such as 30d; this is " + age + ".");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /// @param endedBefore only results that were checked, or expired, before this moment
    /// @return all that can be deleted, the oldest first
    List<Target> find(Instant endedBefore, Optional<String> parties) throws CommandException {
        var query = "/v1/results?numbers=string&limit=200&order=oldest"
                + parties.map(set -> "&parties=" + encoded(set)).orElse("");
        var found = new ArrayList<Target>();
        var after = Optional.of("");
        while (after.isPresent()) {
            var page = ResultRequests.require(client.get(query + after.get()));
            for (var result : page.path("results")) {
                if (isDue(result, endedBefore)) {
                    var set = result.path("parties")
                            .valueStream()
                            .map(JsonNode::asString)
                            .collect(Collectors.joining(","));
                    found.add(Target.of(text(result, "id"), Optional.of(set)));
                }
            }
            after = page.has("next")
                    ? Optional.of("&after=" + encoded(page.path("next").asString("")))
                    : Optional.empty();
        }
        return found;
    }

    private boolean isDue(JsonNode result, Instant endedBefore) {
        var state = text(result, "state");
        boolean isDeletable = switch (extent) {
            case DELIVERY -> state.equals("checked") || state.equals("expired");
            case VALUES ->
                state.equals("checked")
                        && !text(result, "verdict").equals("REJECTED")
                        && !text(result, "scheme").equals("input")
                        && !result.has("valuesDeleted");
        };
        return isDeletable
                && result.has("ended")
                && Instant.parse(text(result, "ended")).isBefore(endedBefore);
    }

    /// Deletes one after the other until one cannot be deleted.
    ///
    /// @throws CommandException after what was deleted is printed
    void run(List<Target> targets, Form form, PrintWriter out) throws CommandException {
        var done = new ArrayList<Target>();
        try {
            for (var target : targets) {
                var answer = client.delete("/v1/results/" + target.id() + extent.path
                        + target.parties().map(set -> "?parties=" + set).orElse(""));
                if (!answer.isSuccess()) {
                    throw new CommandException(
                            name + " did not delete " + extent.text() + " " + target.id() + ". " + answer.problem());
                }
                done.add(target);
                if (form == Form.TABLE) {
                    out.println("Deleted " + extent.text() + " " + target.id());
                }
            }
        } finally {
            if (form == Form.JSON) {
                out.println(done.stream().map(this::json).collect(Collectors.joining(",", "[", "]")));
            }
        }
    }

    private String json(Target target) {
        var node = JsonText.object()
                .put("id", target.id().toString())
                .put("deleted", extent == Extent.VALUES ? "values" : "delivery");
        target.parties().ifPresent(set -> node.put("parties", set.toString()));
        return JsonText.of(node);
    }
}
