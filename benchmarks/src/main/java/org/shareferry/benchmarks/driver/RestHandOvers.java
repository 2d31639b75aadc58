// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;

/// Hands deliveries of one form over at all parties of a site.
final class RestHandOvers {
    /// All ids are equally long.
    private static final long FIRST_SEQUENCE = 1_000_000;

    private final BenchSite site;
    private final RunId run;
    private final AtomicLong next = new AtomicLong(FIRST_SEQUENCE);
    private final List<HandOverBody> bodies;

    /// @param values in each chunk
    RestHandOvers(BenchSite site, int values, int chunks) {
        var random = new SecureRandom();
        this.site = site;
        this.run = new RunId(random.nextLong(), random.nextLong());
        var parties = site.parties();
        var dealt = BatchedShares.of(parties.size(), values);
        var form = new DeliveryId(run, FIRST_SEQUENCE);
        bodies = IntStream.range(0, parties.size())
                .mapToObj(party -> new HandOverBody(form, parties, party, dealt, values, chunks))
                .toList();
    }

    DeliveryId nextId() {
        return new DeliveryId(run, next.getAndIncrement());
    }

    /// Hands one delivery over, at all parties at the same time, and waits until all have taken it.
    void handOver(DeliveryId id) throws CommandException, InterruptedException {
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> handed = new ArrayList<>();
            for (int party = 1; party < bodies.size(); party++) {
                int number = party;
                handed.add(others.submit(() -> {
                    post(number, id);
                    return id;
                }));
            }
            post(0, id);
            for (var one : handed) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandException expected
                    ? expected
                    : new CommandException("Delivery " + id + " cannot be handed over; run it with --verbose.", e);
        }
    }

    private void post(int party, DeliveryId id) throws CommandException, InterruptedException {
        site.endpoint(site.parties().get(party))
                .post("/v1/deliveries", HandOverBody.TYPE, bodies.get(party).of(id));
    }
}
