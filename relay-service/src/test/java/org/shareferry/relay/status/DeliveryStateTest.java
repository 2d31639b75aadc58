// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeliveryStateTest {
    @ParameterizedTest
    @CsvSource({
        // expected, bundled, delivered, refused, held, time is over, state
        "4, 0, 0, 0, 0, false, collecting",
        "4, 3, 0, 0, 0, false, collecting",
        "4, 1, 2, 0, 0, false, collecting",
        "4, 4, 0, 0, 0, false, bundled",
        "4, 1, 3, 0, 0, false, bundled",
        "4, 0, 4, 0, 0, false, delivered",
        "4, 0, 4, 0, 0, true,  delivered",
        "4, 0, 3, 1, 0, false, refused",
        "4, 3, 0, 1, 0, true,  refused",
        "4, 4, 0, 0, 0, true,  expired",
        "4, 0, 3, 0, 0, true,  expired",
        "4, 1, 2, 0, 1, false, held",
        "4, 0, 2, 1, 1, false, refused",
        "4, 0, 3, 0, 1, true,  expired",
    })
    void a_delivery_is_as_far_as_its_places(
            long expected, long bundled, long delivered, long refused, long held, boolean timeIsOver, String state) {
        var places = new DeliveryStatus.Places(expected, bundled, delivered, refused, held);

        assertThat(DeliveryState.of(places, timeIsOver).text()).isEqualTo(state);
    }
}
