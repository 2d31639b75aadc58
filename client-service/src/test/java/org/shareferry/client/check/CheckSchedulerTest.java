// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.check.Verdict;
import org.shareferry.client.PartySets;
import org.shareferry.client.check.CheckStore.Finished;
import org.shareferry.client.check.OpenedBodies.Opened;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.inbox.BundleOutcome;
import org.shareferry.client.inbox.Inbox;
import org.shareferry.client.keys.OpeningKeys;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.ClientProperties;

/// Checks from memory and from what is stored, and who does them. A test that claims a delivery does its check itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckSchedulerTest {
    private static final long[] VALUES = {-7, -6, 3, 2, 9, 18, 4, 42, 11};

    private final SettableClock clock = new SettableClock();
    private TestMembers members;
    private ClientHost client;
    private SealingKey key;

    @BeforeAll
    void start(@TempDir Path folder) {
        members = new TestMembers(folder);
        client = ClientHost.start(members, clock);
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    private TestDelivery made(Scheme scheme) {
        return TestDelivery.of(members, key, scheme, VALUES);
    }

    private TestDelivery cheated(Scheme scheme) {
        return made(scheme).cheatingAt(new Place(Kind.VALUES, 1), shares -> {
            var shifted = shares.clone();
            shifted[0] = shifted[0].add(BigInteger.ONE);
            return shifted;
        });
    }

    private static DeliveryKey keyOf(TestDelivery made) {
        return made.facts().key();
    }

    private CheckScheduler checks() {
        return client.bean(CheckScheduler.class);
    }

    private DeliveryCheck check() {
        return client.bean(DeliveryCheck.class);
    }

    private CheckStore store() {
        return client.bean(CheckStore.class);
    }

    private SharedCommits commits() {
        return client.bean(SharedCommits.class);
    }

    private void receive(List<Bundle> bundles) {
        assertThat(client.bean(Inbox.class).receive(bundles)).hasOnlyElementsOfType(BundleOutcome.Received.class);
    }

    /// Receives all bundles together and leaves the check to the test.
    private TestDelivery received(TestDelivery made) {
        checks().claim(keyOf(made));
        receive(made.bundles());
        return made;
    }

    private Finished finish(TestDelivery made) {
        var finished = check().run(keyOf(made)).orElseThrow();
        commits().commit(() -> store().finish(List.of(finished)));
        return finished;
    }

    private String column(String name, TestDelivery made) {
        return client.jdbc()
                .sql("SELECT " + name + " FROM delivery WHERE id = :id")
                .param("id", made.key())
                .query((row, number) -> String.valueOf(row.getString(1)))
                .single();
    }

    private int update(String statement, TestDelivery made) {
        return client.jdbc().sql(statement).param("id", made.key()).update();
    }

    private void removeStoredBytes(TestDelivery made) {
        assertThat(update("UPDATE envelope SET encoded = X'' WHERE delivery = :id", made))
                .isPositive();
    }

    private void evict(TestDelivery made) {
        client.bean(OpenedBodies.class).take(keyOf(made)).close();
    }

    private long storedChunks(TestDelivery made) {
        return client.jdbc()
                .sql("SELECT COUNT(*) FROM value_chunk WHERE delivery = :id")
                .param("id", made.key())
                .query(Long.class)
                .single();
    }

    private void assertValues(TestDelivery made) {
        assertThat(client.result(made.id()).path("values").toString()).isEqualTo("[-7,-6,3,2,9,18,4,42,11]");
    }

    @Test
    void a_delivery_of_one_request_is_checked_without_opening_an_envelope_again() {
        for (var scheme : EnumSet.complementOf(EnumSet.of(Scheme.INPUT))) {
            var made = received(made(scheme));
            removeStoredBytes(made);

            assertThat(finish(made).verdict())
                    .isEqualTo(scheme == Scheme.ADDITIVE ? Verdict.UNVERIFIED : Verdict.VERIFIED);

            assertValues(made);
            assertThat(client.bean(OpenedBodies.class).has(keyOf(made))).isFalse();
        }
    }

    @Test
    void the_bodies_of_several_requests_come_together() {
        var made = made(Scheme.COMMITTED);
        checks().claim(keyOf(made));
        made.bundles().forEach(bundle -> receive(List.of(bundle)));
        removeStoredBytes(made);

        assertThat(finish(made).verdict()).isEqualTo(Verdict.VERIFIED);
    }

    @Test
    void evicted_bodies_are_opened_from_the_stored_envelopes() {
        var opener = client.bean(EnvelopeOpener.class);
        int before = opener.kept();
        var made = received(made(Scheme.BATCHED));
        evict(made);
        assertThat(opener.kept()).isEqualTo(before + 2);

        assertThat(finish(made).verdict()).isEqualTo(Verdict.VERIFIED);

        assertValues(made);
        assertThat(opener.kept()).as("nothing more of it is opened").isEqualTo(before);
    }

    @Test
    void a_body_counts_only_for_the_envelope_whose_id_is_stored() {
        var made = received(made(Scheme.BATCHED));
        removeStoredBytes(made);
        update(
                "UPDATE envelope SET id = X'" + "00".repeat(32)
                        + "' WHERE delivery = :id AND sender = 'P1' AND idx = 1",
                made);

        // Nothing in memory has this id, and the stored envelope is gone.
        assertThatThrownBy(() -> check().run(keyOf(made))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_seed_is_drawn_with_the_last_bundle_and_gone_after_the_check() {
        var made = made(Scheme.BATCHED);
        checks().claim(keyOf(made));
        var bundles = made.bundles();
        receive(bundles.subList(0, bundles.size() - 1));
        assertThat(column("state", made)).isEqualTo("receiving");
        assertThat(column("check_seed", made)).isEqualTo("null");

        receive(bundles.subList(bundles.size() - 1, bundles.size()));
        assertThat(column("state", made)).isEqualTo("checking");
        assertThat(column("check_seed", made)).isNotEqualTo("null");

        finish(made);
        assertThat(column("state", made)).isEqualTo("checked");
        assertThat(column("check_seed", made)).isEqualTo("null");
    }

    @Test
    void the_bundles_of_one_request_share_a_commit_and_schedule_nothing() {
        var one = made(Scheme.BATCHED);
        var other = made(Scheme.ADDITIVE);
        List.of(one, other).forEach(made -> checks().claim(keyOf(made)));
        var bundles = new ArrayList<>(one.bundles());
        bundles.addAll(other.bundles());
        var signal = client.bean(CommitSignal.class);
        int before = signal.phase();

        receive(bundles);

        assertThat(signal.phase()).as("commits").isEqualTo(before + 1);
        assertThat(client.jdbc()
                        .sql("SELECT COUNT(*) FROM scheduled_tasks WHERE task_name <> 'doctor'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /// Counts how often a place is added up.
    private final class Counting extends Reconstruction {
        private final List<Place> sums = new ArrayList<>();

        Counting() {
            super(
                    store(),
                    client.bean(OpeningKeys.class),
                    client.bean(EnvelopeOpener.class),
                    client.bean(RosterFile.class),
                    client.bean(ClientProperties.class));
        }

        @Override
        Sum sum(DeliveryFacts facts, Place place, Opened opened) {
            sums.add(place);
            return super.sum(facts, place, opened);
        }
    }

    private DeliveryCheck check(Reconstruction reconstruction, int part) {
        return new DeliveryCheck(
                store(),
                client.bean(OpenedBodies.class),
                reconstruction,
                client.bean(PartySets.class),
                commits(),
                part);
    }

    @Test
    void a_rejected_delivery_costs_the_same_work_as_a_verified_one() {
        for (var scheme : List.of(Scheme.TRIPLE, Scheme.QUINTUPLE, Scheme.BATCHED, Scheme.COMMITTED)) {
            var good = received(made(scheme));
            var bad = received(cheated(scheme));
            var ofGood = new Counting();
            var ofBad = new Counting();

            var verified = check(ofGood, 1 << 20).run(keyOf(good)).orElseThrow();
            var rejected = check(ofBad, 1 << 20).run(keyOf(bad)).orElseThrow();

            assertThat(List.of(verified.verdict(), rejected.verdict()))
                    .containsExactly(Verdict.VERIFIED, Verdict.REJECTED);
            assertThat(ofBad.sums).isEqualTo(ofGood.sums);
            for (int i = 0; i < verified.chunks().size(); i++) {
                var zeros = rejected.chunks().get(i).raw();
                assertThat(zeros.size())
                        .isEqualTo(verified.chunks().get(i).raw().size());
                assertThat(zeros.toArray()).containsOnly(0);
            }
        }
    }

    @Test
    void a_long_delivery_is_stored_in_parts_and_a_stop_between_them_changes_nothing() {
        var made = received(made(Scheme.BATCHED));
        evict(made);
        var reconstruction = client.bean(Reconstruction.class);

        var rest = check(reconstruction, 8).run(keyOf(made)).orElseThrow();

        assertThat(rest.chunks()).as("the last part").hasSize(1);
        assertThat(storedChunks(made)).as("the parts before it").isEqualTo(2);
        assertThat(column("state", made)).isEqualTo("checking");
        assertThat(column("verdict", made)).isEqualTo("VERIFIED");
        // The rest is lost with the process. Another goes through the delivery again.
        finish(made);
        assertValues(made);
    }

    @Test
    void results_of_an_ended_delivery_are_dropped() {
        var made = received(made(Scheme.BATCHED));
        var finished = check().run(keyOf(made)).orElseThrow();
        update("UPDATE delivery SET state = 'deleted', check_seed = NULL WHERE id = :id", made);

        commits().commit(() -> store().finish(List.of(finished)));

        assertThat(commits().commit(() -> store().storePart(finished))).isFalse();
        assertThat(storedChunks(made)).isZero();
        assertThat(column("state", made)).isEqualTo("deleted");
    }

    /// Makes of a checked delivery one that a process left behind when it stopped between the commit and the check.
    private TestDelivery leftBehind() {
        var made = made(Scheme.BATCHED);
        receive(made.bundles());
        await().until(() -> column("state", made).equals("checked"));
        update("DELETE FROM value_chunk WHERE delivery = :id", made);
        client.jdbc()
                .sql("UPDATE delivery SET state = 'checking', check_seed = :seed, verdict = NULL, check_until = :until"
                        + " WHERE id = :id")
                .param("seed", new byte[32])
                .param("until", clock.instant().plus(CheckScheduler.LEASE).toEpochMilli())
                .param("id", made.key())
                .update();
        return made;
    }

    @Test
    void a_check_left_by_a_stopped_process_is_resumed_when_its_lease_ends() {
        var made = leftBehind();
        assertThat(store().takeUp(clock.instant(), 10)).doesNotContain(keyOf(made));

        clock.advance(CheckScheduler.LEASE.plusMillis(1));
        checks().sweep();

        await().until(() -> column("state", made).equals("checked"));
        assertValues(made);
    }

    @Test
    void one_of_two_replicas_resumes_a_check() {
        var made = leftBehind();
        // The service's own sweep goes by its clock, which stands still.
        var later = clock.instant().plus(CheckScheduler.LEASE).plusMillis(1);

        assertThat(store().takeUp(later, 1_000)).contains(keyOf(made));
        assertThat(store().takeUp(later, 1_000)).doesNotContain(keyOf(made));
    }

    @Test
    void a_failing_check_waits_for_its_next_turn_and_does_not_delay_others() {
        var bad = leftBehind();
        var good = leftBehind();
        var kept = client.jdbc()
                .sql("SELECT encoded FROM envelope WHERE delivery = :id AND kind = 0 AND idx = 0 AND sender = 'P0'")
                .param("id", bad.key())
                .query(byte[].class)
                .single();
        String where = " WHERE delivery = :id AND kind = 0 AND idx = 0 AND sender = 'P0'";
        update("UPDATE envelope SET encoded = X''" + where, bad);

        clock.advance(CheckScheduler.LEASE.plusMillis(1));
        checks().sweep();
        await().until(() -> column("state", good).equals("checked"));
        await().until(() -> checks().claim(keyOf(bad)));
        checks().release(keyOf(bad));
        assertThat(column("state", bad)).isEqualTo("checking");

        client.jdbc()
                .sql("UPDATE envelope SET encoded = :kept" + where)
                .param("kept", kept)
                .param("id", bad.key())
                .update();
        clock.advance(Duration.ofMinutes(5));
        checks().sweep();
        await().until(() -> column("state", bad).equals("checked"));
    }

    @Test
    void many_small_deliveries_are_checked_together() {
        var many = new ArrayList<TestDelivery>();
        var bundles = new ArrayList<Bundle>();
        for (int i = 0; i < 40; i++) {
            var made = TestDelivery.of(members, key, Scheme.BATCHED, i);
            many.add(made);
            bundles.addAll(made.bundles());
        }

        receive(bundles);

        for (var made : many) {
            await().until(() -> column("state", made).equals("checked"));
            assertThat(column("verdict", made)).isEqualTo("VERIFIED");
        }
    }

    @Test
    void a_checks_end_is_counted_once() {
        var meters = new SimpleMeterRegistry();
        var made = received(made(Scheme.BATCHED));
        var other = new CheckScheduler(store(), check(), client.bean(OpenedBodies.class), commits(), clock, meters);

        other.begin(List.of(keyOf(made), keyOf(made)));

        await().until(() -> column("state", made).equals("checked"));
        await().until(() -> meters.counter("shareferry.deliveries.checked").count() == 1);
    }
}
