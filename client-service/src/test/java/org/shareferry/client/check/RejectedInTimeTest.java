// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.Made;
import org.shareferry.client.fixture.RunningClient;
import org.shareferry.client.fixture.World;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.SettableClock;

/// Whoever can time the client, as the relay can through its answers, does not learn whether a check held.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RejectedInTimeTest {
    private static final int VALUES = 800;
    private static final int DELIVERIES = 36;
    private static final int WARM_UP = 4;
    private static final int CONNECTIONS = 3;
    private static final Duration WINDOW = Duration.ofMillis(900);

    private final SettableClock clock = new SettableClock();
    private World world;
    private RunningClient client;
    private SealingKey key;

    @BeforeAll
    void start(@TempDir Path temporary) {
        world = new World(temporary);
        client = RunningClient.start(world, clock);
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    /// The attack that the verdict must not answer: P1 adds 2^127 to the first r. The check holds exactly if
    /// the first value is even.
    private Made probing(long... values) {
        return Made.of(world, key, Scheme.TRIPLE, values).cheatingAt(new Place(Kind.VALUES, 0), shares -> {
            var shifted = shares.clone();
            shifted[1] = shifted[1].add(BigInteger.ONE.shiftLeft(127));
            return shifted;
        });
    }

    private void awaitChecked(Made made) {
        await().atMost(RunningClient.patience())
                .pollInterval(Duration.ofMillis(20))
                .until(() -> column("state", made).equals("checked"));
    }

    private String column(String name, Made made) {
        return client.jdbc()
                .sql("SELECT " + name + " FROM delivery WHERE id = :id")
                .param("id", made.key())
                .query((row, number) -> String.valueOf(row.getString(1)))
                .single();
    }

    @Test
    void a_rejected_delivery_is_opened_again_as_a_verified_one_is() {
        for (long first : new long[] {2, 3}) {
            var made = probing(first, 1, 1, 1, 5);
            made.bundles().forEach(client::received);
            awaitChecked(made);
            assertThat(column("verdict", made)).isEqualTo(first % 2 == 0 ? "VERIFIED" : "REJECTED");
            client.jdbc()
                    .sql("UPDATE delivery SET state = 'checking', check_seed = :seed WHERE id = :id")
                    .param("seed", new byte[32])
                    .param("id", made.key())
                    .update();
            client.jdbc()
                    .sql("DELETE FROM envelope WHERE delivery = :id AND idx = 1 AND sender = 'P1'")
                    .param("id", made.key())
                    .update();

            // The second pass alone is left to do, and it wants every envelope.
            assertThatThrownBy(() ->
                            client.bean(DeliveryCheck.class).run(made.facts().key()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("lacks envelopes");
        }
    }

    /// How well the relay tells an even value from an odd one by how many answers it gets while the client
    /// checks. Run it with `./mvnw -pl client-service -am verify -Dtest=RejectedInTimeTest
    /// -Dshareferry.measure=true -Dsurefire.failIfNoSpecifiedTests=false`; it takes some minutes and prints its
    /// result.
    @Test
    @EnabledIfSystemProperty(named = "shareferry.measure", matches = "true")
    void measure_what_later_answers_tell() throws Exception {
        var relay =
                IntStream.range(0, CONNECTIONS).mapToObj(i -> client.as("R0")).toList();
        var random = new Random(1);
        var answers = List.of(new ArrayList<Long>(), new ArrayList<Long>());
        for (int run = 0; run < WARM_UP + DELIVERIES; run++) {
            int parity = random.nextInt(2);
            var values = random.longs(VALUES, -1_000_000, 1_000_000).toArray();
            values[0] = values[0] & ~1L | parity;
            var made = probing(values);
            for (var bundle : made.bundles()) {
                var reply = relay.getFirst().post("/v1/bundles", "application/cbor", bundle.encode());
                assertThat(reply.status()).isEqualTo(200);
            }
            long count = answersInTime(relay);
            awaitChecked(made);
            if (run >= WARM_UP) {
                answers.get(parity).add(count);
            }
        }
        report(answers.get(0), answers.get(1));
    }

    private static long answersInTime(List<Caller> relay) throws Exception {
        var count = new LongAdder();
        long end = System.nanoTime() + WINDOW.toNanos();
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (var caller : relay) {
                threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        caller.get("/v1/keys");
                        count.increment();
                    }
                });
            }
        }
        return count.sum();
    }

    /// Prints means, and the probability that a verified one leaves time for fewer answers than a rejected one:
    /// 0.5 tells nothing, 0 and 1 tell everything.
    private static void report(List<Long> verified, List<Long> rejected) {
        double fewer = 0;
        for (long a : verified) {
            for (long b : rejected) {
                fewer += a < b ? 1 : a == b ? 0.5 : 0;
            }
        }
        double pairs = (double) verified.size() * rejected.size();
        double deviation = Math.sqrt((verified.size() + rejected.size() + 1) / (12 * pairs));
        System.out.printf(
                Locale.ROOT,
                "Answers within %s: %d verified, mean %.1f; %d rejected, mean %.1f; a verified one leaves time for"
                        + " fewer with probability %.3f (0.5 +- %.3f by chance)%n",
                WINDOW,
                verified.size(),
                verified.stream().mapToLong(n -> n).average().orElse(0),
                rejected.size(),
                rejected.stream().mapToLong(n -> n).average().orElse(0),
                fewer / pairs,
                deviation);
    }
}
