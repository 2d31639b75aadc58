// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.RunId;
import org.shareferry.service.problem.ProblemException;

/// What a caller reads who has to choose among deliveries of one id.
class SeenDeliveriesTest {
    private static final DeliveryId ID = new DeliveryId(new RunId(1, 2), 0);

    private static SeenDeliveries of(int count) {
        return new SeenDeliveries(
                ID,
                IntStream.rangeClosed(1, count)
                        .mapToObj(i -> new DeliveryKey(ID, PartySet.parse("P0,P" + i)))
                        .toList());
    }

    private static String detail(SeenDeliveries seen) {
        try {
            return seen.only().toString();
        } catch (ProblemException e) {
            return e.problem().detail();
        }
    }

    @Test
    void sets_of_parties_are_listed_and_truncation_is_stated() {
        assertThat(detail(of(10))).contains("P0,P10").doesNotContain("others");
        assertThat(detail(of(SeenDeliveries.MAX_READ)))
                .contains("P0,P10; and others")
                .doesNotContain("P0,P11");
    }
}
