// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.check.Verdict;
import org.shareferry.client.PartySets;
import org.shareferry.client.check.CheckStore.Finished;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Bundle;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.storage.SharedCommits;
import org.springframework.context.support.GenericApplicationContext;

/// How well the relay tells a verified delivery from a rejected one by the answers to the bundles that it sends next:
/// by how many C0 gives while it may be busy with the check. Besides, how well it could if it saw how long C0 is busy.
/// Rounds of four deliveries, verified and rejected, with the second pass for rejected ones and without it, in random
/// order. The two without it show that the measurement sees a difference where there is one.
///
/// Run it with `./mvnw -pl client-service -am verify -Dtest=RejectedInTimeMeasurement
/// -DargLine=-Dshareferry.measure=true`; it takes four minutes, prints its
/// result, and adds its samples to those of earlier runs in target/rejected-in-time.csv. With all on one processor
/// (`taskset -c 1`) the relay sees most.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "shareferry.measure", matches = "true")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RejectedInTimeMeasurement {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("shareferry.measure.seconds", 240));
    private static final Path SAMPLES = Path.of("target", "rejected-in-time.csv");
    private static final int VALUES = 320;
    private static final int WARM_UP = 6;
    private static final int FILLING = 400;

    private final SettableClock clock = new SettableClock();
    private final Random random = new Random();
    private final Deque<Bundle> next = new ArrayDeque<>();
    private TestMembers members;
    private ClientHost client;
    private SealingKey key;
    private Caller relay;
    private SwitchedCheck check;

    /// What a rejected delivery is followed by.
    private enum Work {
        SECOND_PASS,
        NOTHING
    }

    /// The check, with its second pass for rejected deliveries or, as it once was, without.
    static class SwitchedCheck extends DeliveryCheck {
        volatile Work afterRejected = Work.SECOND_PASS;
        volatile double milliseconds;

        SwitchedCheck(
                CheckStore store,
                OpenedBodies bodies,
                Reconstruction reconstruction,
                PartySets partySets,
                SharedCommits commits) {
            super(store, bodies, reconstruction, partySets, commits);
        }

        @Override
        Optional<Finished> run(DeliveryKey delivery) {
            long begin = System.nanoTime();
            var finished = super.run(delivery);
            milliseconds = (System.nanoTime() - begin) / 1e6;
            return finished;
        }

        @Override
        Optional<Finished> values(Run run, Verdict verdict) {
            return verdict != Verdict.REJECTED || afterRejected == Work.SECOND_PASS
                    ? super.values(run, verdict)
                    : Optional.of(run.finished(verdict, List.of()));
        }
    }

    private static void register(GenericApplicationContext context) {
        context.registerBean(
                SwitchedCheck.class,
                () -> new SwitchedCheck(
                        context.getBean(CheckStore.class),
                        context.getBean(OpenedBodies.class),
                        context.getBean(Reconstruction.class),
                        context.getBean(PartySets.class),
                        context.getBean(SharedCommits.class)),
                bean -> bean.setPrimary(true));
    }

    @BeforeAll
    void start(@TempDir Path temporary) {
        members = new TestMembers(temporary);
        client = ClientHost.start(
                members, clock, RejectedInTimeMeasurement::register, "logging.level.org.shareferry=WARN");
        key = client.sealingKey(clock);
        relay = client.as("R0");
        check = client.bean(SwitchedCheck.class);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    /// @param answers to bundles, within the window after the answer to the last bundle of the delivery
    /// @param busy how long the check took, in milliseconds
    private record Sample(int answers, double busy) {}

    /// Bundles of other deliveries.
    private void fill() {
        if (next.size() < FILLING) {
            next.addAll(TestDelivery.of(members, key, Scheme.ADDITIVE, new long[4 * FILLING])
                    .bundles());
            next.removeLast();
        }
    }

    private Sample sample(Work work, boolean isVerified, Duration window) {
        fill();
        check.afterRejected = work;
        var values = random.longs(VALUES, -1_000_000, 1_000_000).toArray();
        values[0] = values[0] & ~1L | (isVerified ? 0 : 1);
        var made = Probe.of(members, key, values);
        var bundles = made.bundles();
        System.gc();
        bundles.forEach(this::bring);
        int answers = 0;
        for (long end = System.nanoTime() + window.toNanos(); System.nanoTime() < end; answers++) {
            bring(next.removeFirst());
        }
        await().pollInterval(Duration.ofMillis(20)).until(() -> isChecked(made));
        assertThat(verdict(made)).isEqualTo(isVerified ? "VERIFIED" : "REJECTED");
        return new Sample(answers, check.milliseconds);
    }

    private void bring(Bundle bundle) {
        var reply = relay.post("/v1/bundles", "application/cbor", bundle.encode());
        assertThat(reply.status()).isEqualTo(200);
    }

    private boolean isChecked(TestDelivery made) {
        return column("state", made).equals("checked");
    }

    private String verdict(TestDelivery made) {
        return column("verdict", made);
    }

    private String column(String name, TestDelivery made) {
        return client.jdbc()
                .sql("SELECT " + name + " FROM delivery WHERE id = :id")
                .param("id", made.key())
                .query((row, number) -> String.valueOf(row.getString(1)))
                .single();
    }

    /// As long as the check of a verified delivery takes while bundles come in: what it leaves out shows best then.
    private Duration window() {
        var busy = new ArrayList<Double>();
        for (int run = 0; run < WARM_UP; run++) {
            busy.add(sample(Work.SECOND_PASS, run % 2 == 0, Duration.ofMillis(800))
                    .busy());
        }
        Collections.sort(busy.subList(WARM_UP / 2, WARM_UP));
        return Duration.ofNanos((long) (busy.get(WARM_UP / 2 + 1) * 1e6));
    }

    @Test
    void later_responses_reveal_the_verdict_only_without_the_second_pass() throws Exception {
        long end = System.nanoTime() + LENGTH.toNanos();
        var window = window();
        System.out.println("Window: " + window);
        while (System.nanoTime() < end) {
            round(window);
        }

        var answers = new EnumMap<Work, TwoSamples>(Work.class);
        var busy = new EnumMap<Work, TwoSamples>(Work.class);
        read(answers, busy);
        System.out.println("Verified and rejected: " + answers + "; busy " + busy);
        assertThat(interval(answers, Work.NOTHING).has(0.5)).isFalse();
        assertThat(interval(answers, Work.SECOND_PASS).has(0.5)).isTrue();
        assertThat(interval(busy, Work.NOTHING).has(0.5)).isFalse();
    }

    private static TwoSamples.Interval interval(Map<Work, TwoSamples> samples, Work work) {
        return samples.computeIfAbsent(work, missing -> new TwoSamples()).interval();
    }

    private void round(Duration window) throws Exception {
        var order = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(order, random);
        var samples = new Sample[4];
        for (int kind : order) {
            samples[kind] = sample(kind < 2 ? Work.SECOND_PASS : Work.NOTHING, kind % 2 == 0, window);
        }
        var lines = new StringBuilder();
        for (var work : Work.values()) {
            var verified = samples[2 * work.ordinal()];
            var rejected = samples[2 * work.ordinal() + 1];
            lines.append(work + "," + verified.answers() + "," + rejected.answers() + "," + verified.busy() + ","
                    + rejected.busy() + "\n");
        }
        Files.writeString(SAMPLES, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void read(Map<Work, TwoSamples> answers, Map<Work, TwoSamples> busy) throws Exception {
        for (var line : Files.readAllLines(SAMPLES)) {
            var fields = line.split(",", -1);
            var work = Work.valueOf(fields[0]);
            answers.computeIfAbsent(work, first -> new TwoSamples())
                    .add(Double.parseDouble(fields[1]), Double.parseDouble(fields[2]));
            busy.computeIfAbsent(work, first -> new TwoSamples())
                    .add(Double.parseDouble(fields[3]), Double.parseDouble(fields[4]));
        }
    }
}
