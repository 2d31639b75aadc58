// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.party.outbox.OutboxDelivery;
import org.shareferry.party.outbox.Stores;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.work.Lease;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class EnvelopePumpTest {
    @TempDir
    Path folder;

    private final SettableClock clock = SettableClock.ticking();
    private final ScriptedRelay relay = new ScriptedRelay();
    private Stores stores = new Stores(Path.of(""), "main", clock);
    private Optional<EnvelopePump> running = Optional.empty();

    @BeforeEach
    void database() {
        stores = new Stores(folder, "main", clock);
        stores.migrate("latest");
    }

    @AfterEach
    void stop() {
        running.ifPresent(EnvelopePump::stop);
    }

    private EnvelopePump start() {
        var made = new EnvelopePump(
                relay,
                stores.outbox,
                new SubmissionOutcomes(stores.outbox, stores.properties, clock),
                stores.commits,
                stores.properties,
                new Lease("relay", new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("party.db"))),
                new SimpleMeterRegistry(),
                clock);
        made.start();
        running = Optional.of(made);
        return made;
    }

    private List<DeliveryId> sealed(int deliveries) throws Exception {
        var ids = new ArrayList<DeliveryId>();
        for (int i = 0; i < deliveries; i++) {
            ids.add(stores.sealed(1).id());
        }
        return ids;
    }

    private OutboxDelivery find(DeliveryId id) {
        return stores.deliveries.find(id).orElseThrow();
    }

    private void awaitState(DeliveryId id, DeliveryState state) {
        await().untilAsserted(() -> assertThat(find(id).state()).isEqualTo(state));
    }

    private void awaitSubmitted(List<DeliveryId> ids) {
        await().untilAsserted(() ->
                assertThat(ids).allSatisfy(id -> assertThat(find(id).state()).isEqualTo(DeliveryState.SUBMITTED)));
    }

    private static boolean isOf(Envelope envelope, DeliveryId id) {
        return envelope.header().facts().id().equals(id);
    }

    @Test
    void waiting_envelopes_are_sent_in_one_request_in_the_order_of_hand_overs() throws Exception {
        var ids = sealed(100);

        start();

        awaitSubmitted(ids);
        assertThat(relay.requests).hasSize(1);
        assertThat(relay.sent()).isEqualTo(ids);
    }

    @Test
    void envelopes_sealed_during_a_request_are_sent_together_in_the_next_one() throws Exception {
        var goOn = new CountDownLatch(1);
        var underWay = new CountDownLatch(1);
        relay.onRequest = envelopes -> {
            underWay.countDown();
            return waitFor(goOn);
        };
        var first = sealed(1);
        var pump = start();
        underWay.await();

        var ids = sealed(20);
        pump.wake();
        goOn.countDown();

        awaitSubmitted(first);
        awaitSubmitted(ids);
        // Another request is sent if one takes long, as on a busy machine.
        assertThat(relay.requests).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void envelopes_wait_briefly_for_concurrent_hand_overs() throws Exception {
        var pump = start();
        pump.handOverBegan();
        long begun = System.nanoTime();

        var ids = new ArrayList<DeliveryId>();
        for (int i = 0; i < 30; i++) {
            ids.addAll(sealed(1));
            pump.wake();
        }
        pump.handOverEnded();

        awaitSubmitted(ids);
        long mayBe = 2 + Duration.ofNanos(System.nanoTime() - begun).dividedBy(Duration.ofMillis(50));
        assertThat(relay.requests.size()).isLessThanOrEqualTo((int) mayBe);
    }

    private static <T> Optional<T> waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Test
    void an_envelope_without_success_does_not_affect_the_others_of_its_request() throws Exception {
        var ids = sealed(10);
        var taken = new AtomicBoolean();
        relay.onEnvelope = envelope -> isOf(envelope, ids.get(2))
                ? ScriptedRelay.refused(Finality.FINAL)
                : isOf(envelope, ids.get(4))
                        ? ScriptedRelay.refused(Finality.CURABLE)
                        : isOf(envelope, ids.get(6)) && !taken.get() ? ScriptedRelay.LATER : ScriptedRelay.OK;

        var pump = start();

        for (int i : List.of(0, 1, 3, 5, 7, 8, 9)) {
            awaitState(ids.get(i), DeliveryState.SUBMITTED);
        }
        awaitState(ids.get(2), DeliveryState.REFUSED);
        await().untilAsserted(() -> assertThat(find(ids.get(4)).isHeld()).isTrue());
        assertThat(find(ids.get(4)).refusal().orElseThrow().detail()).contains("values 0", "422", "because");
        assertThat(find(ids.get(6)).state()).isEqualTo(DeliveryState.SEALED);
        taken.set(true);
        awaitState(ids.get(6), DeliveryState.SUBMITTED);
        relay.onEnvelope = envelope -> ScriptedRelay.OK;
        assertThat(pump.offerAgain(Optional.empty())).isOne();
        awaitState(ids.get(4), DeliveryState.SUBMITTED);
        assertThat(find(ids.get(4)).refusal()).isEmpty();
    }

    @Test
    void one_envelope_is_tried_while_the_relay_is_down() throws Exception {
        var isDown = new AtomicBoolean(true);
        relay.onRequest = envelopes -> isDown.get() ? Optional.of(ScriptedRelay.LATER) : Optional.empty();
        var ids = sealed(300);
        start();
        await().untilAsserted(() -> assertThat(relay.requests).hasSizeGreaterThan(7));
        // The first few requests can be concurrent.
        assertThat(relay.requests.subList(3, 7))
                .allSatisfy(request -> assertThat(request).hasSize(1));

        int before = relay.requests.size();
        isDown.set(false);

        awaitSubmitted(ids);
        assertThat(relay.requests.size() - before).isLessThan(20);
    }

    @Test
    void a_retry_after_of_zero_does_not_cause_a_tight_loop() throws Exception {
        relay.onRequest = envelopes -> Optional.of(ScriptedRelay.LATER);
        sealed(1);
        start();

        await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(2)).until(() -> relay.requests.size() < 30);
    }

    @Test
    void an_envelope_that_always_fails_does_not_block_the_others() throws Exception {
        var ids = sealed(60);
        var poison = ids.get(20);
        relay.onRequest = envelopes -> envelopes.stream().anyMatch(envelope -> isOf(envelope, poison))
                ? Optional.of(ScriptedRelay.LATER)
                : Optional.empty();

        start();

        var others = new ArrayList<>(ids);
        others.remove(poison);
        awaitSubmitted(others);
        relay.onRequest = envelopes -> Optional.empty();
        awaitSubmitted(ids);
    }

    @Test
    void a_large_delivery_continues_after_its_accepted_envelopes() throws Exception {
        var facts = stores.sealed(700);
        var calls = new AtomicInteger();
        relay.onRequest =
                envelopes -> calls.incrementAndGet() == 2 ? Optional.of(ScriptedRelay.LATER) : Optional.empty();

        start();

        awaitState(facts.id(), DeliveryState.SUBMITTED);
        assertThat(relay.requests.getFirst()).hasSize(256);
        var all = relay.requests.stream().flatMap(List::stream).toList();
        assertThat(new HashSet<>(all.stream().map(Envelope::encode).toList())).hasSize(700);
        assertThat(all.stream().map(envelope -> envelope.header().place()).distinct())
                .hasSize(700);
    }

    @Test
    void envelopes_without_an_outcome_are_sent_again() throws Exception {
        var facts = stores.sealed(10);
        var calls = new AtomicInteger();
        relay.onEnvelope = envelope -> calls.incrementAndGet() == 4 ? ScriptedRelay.LATER : ScriptedRelay.OK;

        start();

        awaitState(facts.id(), DeliveryState.SUBMITTED);
        assertThat(relay.requests).hasSize(2);
        assertThat(relay.requests.getLast()).hasSize(7);
    }

    @Test
    void a_delivery_whose_first_envelope_has_no_outcome_is_not_sent_in_a_tight_loop() throws Exception {
        var facts = stores.sealed(3);
        relay.onEnvelope = envelope -> envelope.header().place().index() < 2 ? ScriptedRelay.LATER : ScriptedRelay.OK;
        start();

        await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(2)).until(() -> relay.requests.size() < 30);
        relay.onEnvelope = envelope -> ScriptedRelay.OK;

        awaitState(facts.id(), DeliveryState.SUBMITTED);
    }

    @Test
    void a_held_delivery_is_offered_again_when_it_is_due() throws Exception {
        relay.onEnvelope = envelope -> ScriptedRelay.refused(Finality.CURABLE);
        var id = sealed(1).getFirst();
        start();
        await().untilAsserted(() -> assertThat(find(id).isHeld()).isTrue());
        relay.onEnvelope = envelope -> ScriptedRelay.OK;
        clock.advance(Duration.ofMinutes(10));
        var other = sealed(1);
        awaitSubmitted(other);
        assertThat(find(id).isHeld()).isTrue();

        clock.advance(Duration.ofMinutes(6));

        awaitState(id, DeliveryState.SUBMITTED);
    }

    @Test
    void an_expired_delivery_ends_and_is_not_sent() throws Exception {
        var id = sealed(1).getFirst();
        clock.advance(Duration.ofDays(8));

        start();

        awaitState(id, DeliveryState.EXPIRED);
        assertThat(relay.requests).isEmpty();
    }
}
