// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import static org.shareferry.cli.status.ServiceStatus.text;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.cli.output.Age;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.output.VerdictText;
import org.shareferry.json.PlainText;
import org.shareferry.member.Role;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The responses of all services of a deployment about their deliveries and VMs.
///
/// @param all one response per service
/// @param now the time of the query
record Status(List<ServiceStatus> all, Instant now) {
    /// Properties of a delivery that are equal at all services, in their order.
    private static final List<String> SHARED = List.of("id", "label", "recipient", "parties", "scheme", "count");

    Status {
        all = List.copyOf(all);
    }

    /// @return how many services did not answer
    long silent() {
        return all.stream()
                .filter(status -> status.problem()
                        .filter(problem -> problem.startsWith("does not answer"))
                        .isPresent())
                .count();
    }

    /// @return which part a service did not answer, a sentence; empty if none is missing
    Optional<String> incomplete() {
        return all.stream()
                .flatMap(status -> status.requests().problem().stream()
                        .map(problem -> status.service().member() + ": " + problem))
                .findFirst();
    }

    Table toTable() {
        var table = new Table(List.of("member", "delivery", "label", "scheme", "values", "age", "state"));
        for (var status : all) {
            var member = status.service().member().toString();
            status.problem().ifPresent(why -> table.add(List.of(member, "-", "-", "-", "-", "-", why)));
            for (var vm : status.vms()) {
                table.add(List.of(member, "VM " + text(vm, "name"), "-", "-", "-", age(vm), VmStateText.of(vm)));
            }
            if (status.problem().isEmpty() && status.deliveries().isEmpty()) {
                table.add(List.of(member, "(none)", "-", "-", "-", "-", "-"));
            }
            for (var delivery : status.deliveries()) {
                table.add(List.of(
                        member,
                        text(delivery, "id"),
                        text(delivery, "label"),
                        text(delivery, "scheme"),
                        delivery.path("count").asString("-"),
                        age(delivery),
                        stateWithMore(delivery)));
            }
            for (var request : status.requests().open()) {
                table.add(List.of(
                        member,
                        "request " + request.id(),
                        request.text("label"),
                        "input",
                        request.text("count"),
                        age(request.json()),
                        request.inWords()));
            }
        }
        return table;
    }

    /// @return for programs: what the table has, ages in seconds, labels as strings
    String toJson() {
        var root = JsonText.object();
        var services = root.putArray("services");
        all.forEach(status -> describe(status, services.addObject(), true));
        return JsonText.of(root);
    }

    /// @return the part that changes with events but not with time
    String essence() {
        var root = JsonText.object();
        var services = root.putArray("services");
        all.forEach(status -> describe(status, services.addObject(), false));
        return JsonText.of(root);
    }

    private void describe(ServiceStatus status, ObjectNode service, boolean isAged) {
        service.put("member", status.service().member().toString());
        service.put("address", status.service().address().toString());
        status.problem().ifPresent(why -> service.put("problem", why));
        if (!status.vms().isEmpty()) {
            service.putArray("vms").addAll(status.vms());
        }
        var list = service.putArray("deliveries");
        for (var delivery : status.deliveries()) {
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
        if (status.service().member().role() == Role.CLIENT && status.problem().isEmpty()) {
            describe(status.requests(), service);
        }
    }

    private static void describe(ServiceStatus.Requests requests, ObjectNode service) {
        requests.problem().ifPresent(why -> service.put("requestsProblem", why));
        var list = service.putArray("requests");
        requests.open().forEach(request -> list.add(request.summary()));
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
        return text(delivery, "state");
    }

    private static String stateWithMore(JsonNode delivery) {
        var state = state(delivery);
        if (delivery.has("verdict")) {
            return state + ", " + VerdictText.of(delivery);
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
