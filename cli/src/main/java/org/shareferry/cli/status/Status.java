// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import static org.shareferry.cli.status.Told.text;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.shareferry.cli.output.Age;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.output.VerdictWords;
import org.shareferry.json.PlainText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The responses of all services of a deployment about their deliveries and VMs.
///
/// @param all one response per service
/// @param now the time of the query
record Status(List<Told> all, Instant now) {
    /// The relay names what the client signed for from its own point of view. Everywhere else the word is that of
    /// docs/command-line.md.
    private static final Map<String, String> WORDS = Map.of("delivered", "received");

    /// Properties of a delivery that are equal at all services, in their order.
    private static final List<String> SHARED = List.of("id", "label", "recipient", "parties", "scheme", "count");

    Status {
        all = List.copyOf(all);
    }

    /// @return how many services did not answer
    long silent() {
        return all.stream()
                .filter(told -> told.problem()
                        .filter(problem -> problem.startsWith("does not answer"))
                        .isPresent())
                .count();
    }

    Table toTable() {
        var table = new Table(List.of("member", "delivery", "label", "scheme", "values", "age", "state"));
        for (var told : all) {
            var member = told.service().member().toString();
            told.problem().ifPresent(why -> table.add(List.of(member, "-", "-", "-", "-", "-", why)));
            for (var vm : told.vms()) {
                table.add(List.of(member, "VM " + text(vm, "name"), "-", "-", "-", age(vm), VmWords.of(vm)));
            }
            if (told.problem().isEmpty() && told.deliveries().isEmpty()) {
                table.add(List.of(member, "(none)", "-", "-", "-", "-", "-"));
            }
            for (var delivery : told.deliveries()) {
                table.add(List.of(
                        member,
                        text(delivery, "id"),
                        text(delivery, "label"),
                        text(delivery, "scheme"),
                        delivery.path("count").asString("-"),
                        age(delivery),
                        stateWithMore(delivery)));
            }
        }
        return table;
    }

    /// @return for programs: what the table has, ages in seconds, labels as strings
    String toJson() {
        var root = JsonText.object();
        var services = root.putArray("services");
        all.forEach(told -> describe(told, services.addObject(), true));
        return JsonText.of(root);
    }

    /// @return the part that changes with events but not with time
    String essence() {
        var root = JsonText.object();
        var services = root.putArray("services");
        all.forEach(told -> describe(told, services.addObject(), false));
        return JsonText.of(root);
    }

    private void describe(Told told, ObjectNode service, boolean isAged) {
        service.put("member", told.service().member().toString());
        service.put("address", told.service().address().toString());
        told.problem().ifPresent(why -> service.put("problem", why));
        if (!told.vms().isEmpty()) {
            service.putArray("vms").addAll(told.vms());
        }
        var list = service.putArray("deliveries");
        for (var delivery : told.deliveries()) {
            var node = list.addObject();
            SHARED.stream().filter(delivery::has).forEach(name -> node.set(name, delivery.get(name)));
            node.put("state", state(delivery));
            List.of("verdict", "assumption", "waitingFor", "refusal", "refusals", "received").stream()
                    .filter(delivery::has)
                    .forEach(name -> node.set(name, delivery.get(name)));
            node.put("since", since(delivery));
            if (isAged) {
                Age.of(since(delivery), now).ifPresent(age -> node.put("ageSeconds", age.toSeconds()));
            }
        }
    }

    private String age(JsonNode node) {
        return Age.of(since(node), now).map(Age::words).orElse("-");
    }

    /// Each service has its own time at which it first knew of a delivery.
    private static String since(JsonNode node) {
        return List.of("created", "firstSeen", "since").stream()
                .filter(node::has)
                .map(name -> text(node, name))
                .findFirst()
                .orElse("-");
    }

    private static String state(JsonNode delivery) {
        var state = text(delivery, "state");
        return WORDS.getOrDefault(state, state);
    }

    private static String stateWithMore(JsonNode delivery) {
        var state = state(delivery);
        if (delivery.has("verdict")) {
            return state + ", " + VerdictWords.of(delivery);
        }
        var waitingFor = delivery.path("waitingFor")
                .valueStream()
                .map(name -> PlainText.of(name.asString("")))
                .collect(Collectors.joining(", "));
        if (!waitingFor.isEmpty()) {
            return state + ", waiting for " + waitingFor;
        }
        var refusal = delivery.path("refusal");
        return refusal.isObject() ? state + ": " + text(refusal, "detail") : state;
    }
}
