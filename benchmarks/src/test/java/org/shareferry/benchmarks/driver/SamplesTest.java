// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void a_percentile_is_the_smallest_value_that_this_share_does_not_exceed() {
        var hundred = Samples.of(
                IntStream.rangeClosed(1, 100).asDoubleStream().boxed().toList());

        assertThat(hundred.percentile(50)).isEqualTo(50);
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(99.5)).isEqualTo(100);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(hundred.percentile(0.1)).isEqualTo(1);
    }

    @Test
    void the_order_of_values_does_not_matter() {
        assertThat(Samples.of(List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2);
    }

    @Test
    void one_value_is_every_percentile() {
        var one = Samples.of(List.of(7.0));

        assertThat(one.percentile(1)).isEqualTo(7);
        assertThat(one.percentile(99)).isEqualTo(7);
        assertThat(one.count()).isEqualTo(1);
    }

    @Test
    void an_empty_sample_has_no_percentile() {
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(List.of()));
    }

    @Test
    void a_percentile_of_0_or_above_100_is_refused() {
        var one = Samples.of(List.of(7.0));

        assertThatIllegalArgumentException().isThrownBy(() -> one.percentile(0));
        assertThatIllegalArgumentException().isThrownBy(() -> one.percentile(101));
    }
}
