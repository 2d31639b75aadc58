// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;
import org.shareferry.relay.fixture.Draft;

/// Which bundles go next.
@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchSelectorTest {
    private final List<Waiting> waiting = new ArrayList<>();
    private long now;
    private final BatchSelector next = new BatchSelector(4, 1_000, () -> now);

    private List<Waiting> add(int count, long size) {
        var added = IntStream.range(0, count)
                .mapToObj(i -> new Waiting(
                        new BundleKey(Draft.delivery().key(), new Place(Kind.VALUES, i)), size, Instant.EPOCH))
                .toList();
        waiting.addAll(added);
        return added;
    }

    private List<Waiting> take() {
        return next.take(false, this::oldest);
    }

    private List<Waiting> takeAlone() {
        return next.take(true, this::oldest);
    }

    private List<Waiting> oldest(int limit) {
        return waiting.subList(0, Math.min(limit, waiting.size()));
    }

    private void delivered(List<Waiting> taken) {
        waiting.removeAll(taken);
        next.settled(taken, false);
    }

    @Test
    void a_batch_has_the_oldest_bundles_up_to_a_number() {
        var all = add(6, 10);

        assertThat(take()).isEqualTo(all.subList(0, 4));
    }

    @Test
    void a_batch_has_the_oldest_bundles_up_to_a_size_and_at_least_one() {
        var large = add(1, 5_000);
        var small = add(3, 400);

        assertThat(take()).isEqualTo(large);
        assertThat(take()).isEqualTo(small.subList(0, 2));
    }

    @Test
    void a_bundle_in_flight_is_not_selected_again() {
        var all = add(8, 10);
        var first = take();

        assertThat(take()).isEqualTo(all.subList(4, 8));
        next.settled(first, false);
        assertThat(take()).isEqualTo(first);
    }

    @Test
    void a_second_request_needs_many_bundles_or_a_slow_client() {
        var first = add(1, 10);
        assertThat(take()).isEqualTo(first);
        var waits = new BatchSelector(256, 1 << 20, () -> now);
        assertThat(waits.take(false, this::oldest)).isEqualTo(first);

        var second = add(3, 10);
        assertThat(waits.take(false, this::oldest)).isEmpty();
        now += 60_000_000;
        assertThat(waits.take(false, this::oldest)).isEqualTo(second);
    }

    @Test
    void a_probe_has_one_bundle_and_each_gets_its_turn() {
        var all = add(3, 10);

        for (var one : all) {
            assertThat(takeAlone()).containsExactly(one);
            next.settled(List.of(one), true);
        }
        assertThat(takeAlone()).containsExactly(all.getFirst());
    }

    @Test
    void a_suspect_is_sent_alone_in_every_second_request() {
        var bad = add(1, 10);
        assertThat(takeAlone()).isEqualTo(bad);
        next.settled(bad, true);
        var others = add(5, 10);

        var batch = take();
        assertThat(batch).isEqualTo(others.subList(0, 4));
        delivered(batch);
        assertThat(take()).isEqualTo(bad);
        next.settled(bad, true);
        assertThat(next.isSuspect(bad.getFirst())).isTrue();
        assertThat(take()).isEqualTo(others.subList(4, 5));
        delivered(others.subList(4, 5));

        assertThat(take()).isEqualTo(bad);
        delivered(bad);
        assertThat(next.isSuspect(bad.getFirst())).isFalse();
        assertThat(take()).isEmpty();
    }

    @Test
    void requests_have_fewer_bundles_after_a_failure() {
        add(40, 10);
        var eight = new BatchSelector(8, 1_000, () -> now);
        var sizes = new ArrayList<Integer>();

        for (int i = 0; i < 6; i++) {
            var taken = eight.take(false, this::oldest);
            sizes.add(taken.size());
            eight.settled(taken, taken.size() > 4);
        }

        assertThat(sizes).containsExactly(8, 4, 6, 3, 4, 6);
    }

    @Test
    void an_outage_leaves_few_suspects() {
        add(1_000, 10);
        for (int i = 0; i < 1_000; i++) {
            next.settled(takeAlone(), true);
        }

        int requests = 0;
        for (; !waiting.isEmpty(); requests++) {
            delivered(take());
        }

        assertThat(requests).isLessThan(400);
    }
}
