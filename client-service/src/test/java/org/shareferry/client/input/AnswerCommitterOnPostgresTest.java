// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class AnswerCommitterOnPostgresTest extends AnswerCommitterTest {
    @Test
    void requests_made_before_this_replica_took_the_lease_are_not_answered() {
        begun(store(), new AtomicLong());
        var asked = later();

        var next = begun(store(), new AtomicLong());

        assertThat(next.answer(request(1), asked, this::another)).isFalse();
        assertThat(answer(next, 2)).isTrue();
    }

    @Test
    void a_replica_that_lost_its_lease_while_it_made_an_answer_commits_nothing() {
        var nanos = new AtomicLong();
        var one = begun(store(), nanos);

        boolean isAnswered = one.answer(request(1), later(), () -> {
            begun(store(), new AtomicLong());
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            one.beat();
            return another();
        });

        assertThat(isAnswered).isFalse();
        assertThat(store().find(request(1))).isEmpty();
        assertThat(store().state().counter()).isZero();
    }
}
