// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.P0;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.SettableClock;
import org.shareferry.relay.fixture.World;

/// The table of answers at `POST /v1/envelopes`, over real mutual TLS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SubmissionOverTlsTest {
    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        relay = RunningRelay.start(world, new SettableClock());
        await().atMost(RunningRelay.patience())
                .until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
    }

    @AfterAll
    void stop() {
        relay.close();
        world.client().close();
    }

    private Draft draft() {
        return Draft.of(world, Draft.delivery(), P0);
    }

    @Test
    void a_stored_envelope_is_answered_202_with_the_address_of_its_delivery() {
        var envelope = draft().seal();

        var reply = relay.as(P0).submit(envelope);

        var address = "/v1/deliveries/" + envelope.header().facts().id();
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Location")).isEqualTo(address);
        var status = relay.as(P0).get(address).json();
        assertThat(status.get("state").asString()).isEqualTo("collecting");
        assertThat(status.get("waitingFor").toString()).isEqualTo("[\"P0\",\"P1\"]");
    }
}
