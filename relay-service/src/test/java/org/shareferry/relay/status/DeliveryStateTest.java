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
        // expected, bundled, received, refused, held, past expiry, state
        "4, 0, 0, 0, 0, false, collecting",
        "4, 3, 0, 0, 0, false, collecting",
        "4, 1, 2, 0, 0, false, collecting",
        "4, 4, 0, 0, 0, false, bundled",
        "4, 1, 3, 0, 0, false, bundled",
        "4, 0, 4, 0, 0, false, received",
        "4, 0, 4, 0, 0, true,  received",
        "4, 0, 3, 1, 0, false, refused",
        "4, 3, 0, 1, 0, true,  refused",
        "4, 4, 0, 0, 0, true,  expired",
        "4, 0, 3, 0, 0, true,  expired",
        "4, 1, 2, 0, 1, false, held",
        "4, 0, 2, 1, 1, false, refused",
        "4, 0, 3, 0, 1, true,  expired",
    })
    void a_delivery_state_follows_from_its_places(
            long expected, long bundled, long received, long refused, long held, boolean isPastExpiry, String state) {
        var places = new DeliveryStatus.Places(expected, bundled, received, refused, held);

        assertThat(DeliveryState.of(places, isPastExpiry).text()).isEqualTo(state);
    }
}
