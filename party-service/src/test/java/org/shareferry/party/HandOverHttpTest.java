// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.shareferry.delivery.DeliveryId;

class HandOverHttpTest {
    private static PartyHost host;

    @BeforeAll
    static void start() throws Exception {
        host = PartyHost.start();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void a_hand_over_is_accepted_and_submitted() throws Exception {
        var id = DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0");
        var reply = host.postJson("""
                {"id":"53b9abd5dfc3b9ff2723a929934da8c3-0","recipient":"C0",
                "domain":{"type":"ring","shareBits":128,"clearBits":64},"scheme":"additive","count":2,
                "chunks":[{"elements":"KgAAAAAAAAAAAAAAAAAAABcAAAAAAAAAAAAAAAAAAAA"}]}""");
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
        assertThat(reply.location()).contains("/v1/deliveries/" + id);
        await().untilAsserted(() -> assertThat(host.relay().submissions(id)).hasSize(1));
    }
}
