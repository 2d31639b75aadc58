// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;

/// Waits until every client has checked what it received.
final class DemoDeliveries implements AutoCloseable {
    private static final long LOOK_MILLIS = 100;

    /// Nobody fixes causes while a demo runs, so a held delivery stays held.
    private static final Set<String> STOPPED = Set.of("refused", "held");

    private final CapturedRun capture;
    private final DemoInputs inputs;
    private volatile boolean isClosed;
    private final Progress progress;
    private final long end;
    private final Duration patience;
    private final Map<MemberName, ServiceClient> services = new HashMap<>();
    private int arrivals;

    /// @param patience how long all deliveries together may take
    /// @param clock by which certificates are judged
    DemoDeliveries(
            Deployment deployment,
            CapturedRun capture,
            DemoInputs inputs,
            Duration patience,
            Progress progress,
            Clock clock)
            throws CommandException, KeyFileException {
        this.capture = capture;
        this.inputs = inputs;
        this.patience = patience;
        this.end = System.nanoTime() + patience.toNanos();
        this.progress = progress;
        for (var service : deployment.services()) {
            services.put(service.member(), ServiceClient.of(service, deployment.folderOf(service), clock));
        }
    }

    /// @return all deliveries, in order
    /// @throws CommandException when one is refused, or does not arrive in time
    List<CheckedDelivery> await() throws CommandException, InterruptedException {
        var arrived = new ArrayList<CheckedDelivery>();
        for (var expected : capture.expected()) {
            arrived.add(await(expected));
            arrivals++;
        }
        return arrived;
    }

    private CheckedDelivery await(CapturedRun.Expected expected) throws CommandException, InterruptedException {
        var client = expected.recipient();
        while (true) {
            var answer = to(client).get("/v1/results/" + expected.id());
            var state = answer.body().path("state").asString("");
            if (state.equals("checked")) {
                var arrived = CheckedDelivery.of(answer.body());
                var input = capture.input(expected.id());
                if (input.isPresent()) {
                    return arrived.answered(masked(input.get()));
                }
                progress.report(client + " has " + expected.id() + ": " + arrived.verdict());
                return arrived;
            }
            progress.show(arrivals, capture.expected().size(), "deliveries have arrived");
            requireOnItsWay(expected);
            if (state.equals("expired") || System.nanoTime() > end) {
                throw new CommandException("Delivery " + expected.id() + " did not arrive at " + client + " within "
                        + patience.toSeconds() + " s; the relay's /v1/deliveries/" + expected.id()
                        + " shows what it waits for.");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /// Lets all inputs wait at their clients.
    void give() throws CommandException {
        for (var input : capture.inputs()) {
            inputs.give(input, to(input.client()));
            progress.report(input.client() + " gave an input with label " + input.label() + ": " + input.counted());
        }
        if (!capture.inputs().isEmpty()) {
            Thread.ofVirtual().name("early-requests").start(this::answerEarlyRequests);
        }
    }

    /// A service may have met its VM before the inputs waited, and the VM waits for the answer.
    private void answerEarlyRequests() {
        try {
            while (!isClosed) {
                for (var input : capture.inputs()) {
                    inputs.answerEarlyRequest(input, to(input.client()));
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (CommandException e) {
            // The code that waits for the answer reports that it is missing.
            isClosed = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String masked(CapturedInput input) throws CommandException, InterruptedException {
        while (true) {
            var masked = inputs.masked(input, to(input.client()));
            if (masked.isPresent()) {
                progress.report(input.client() + " answered " + input.id() + " with its input, masked");
                return masked.get();
            }
            if (System.nanoTime() > end) {
                throw new CommandException("Request " + input.id() + " was not answered by " + input.client()
                        + " within " + patience.toSeconds() + " s; its /v1/requests shows the reason.");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private void requireOnItsWay(CapturedRun.Expected expected) throws CommandException {
        for (var party : capture.parties()) {
            var status = to(party).get("/v1/deliveries/" + expected.id()).body();
            if (STOPPED.contains(status.path("state").asString(""))) {
                var detail = status.path("refusal").path("detail").asString("no reason given");
                throw new CommandException(
                        "Delivery " + expected.id() + " of " + party + " was refused: " + PlainText.of(detail));
            }
        }
    }

    private ServiceClient to(MemberName member) {
        var service = services.get(member);
        if (service == null) {
            throw new IllegalStateException("The demo has no service of " + member + ".");
        }
        return service;
    }

    @Override
    public void close() {
        isClosed = true;
        services.values().forEach(ServiceClient::close);
    }
}
