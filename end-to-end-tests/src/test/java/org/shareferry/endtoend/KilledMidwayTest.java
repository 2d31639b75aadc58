// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Whatever was promised arrives, though every service is killed in the middle of it; and nothing else is
/// answered.
@Tag("slow")
class KilledMidwayTest {
    @Test
    void a_delivery_arrives_although_every_service_is_killed_once(@TempDir Path temporary) {
        var values = IntStream.rangeClosed(-20, 20).mapToObj(Integer::toString).toList();
        Site.shareferry(
                "split",
                "--values=" + String.join(",", values),
                "--parties",
                2,
                "--scheme",
                "batched",
                "--chunk",
                5,
                "--macs-checked",
                "--out",
                temporary);
        var p0 = temporary.resolve("P0.handover.json");
        var p1 = temporary.resolve("P1.handover.json");
        var id = JsonMapper.shared().readTree(Site.read(p0)).get("id").asString();
        try (var site = new Site(temporary.resolve("site"), 2, Site.SPDZ2K)) {
            site.startAll();
            // Until both parties have the client's keys from the relay.
            assertThat(handOver(site, "P0", p0)).isEqualTo(202);
            site.kill("C0");
            assertThat(handOver(site, "P1", p1)).isEqualTo(202);
            site.kill("P1");
            site.kill("R0");
            site.start("P1");
            site.start("R0");
            site.kill("P0");
            site.start("C0");
            site.start("P0");

            var result = site.awaitResult(id);

            assertThat(result.get("verdict").asString()).isEqualTo("VERIFIED");
            assertThat(result.get("values").toString()).isEqualTo("[" + String.join(",", values) + "]");
            for (var party : new String[] {"P0", "P1"}) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> state(site, party, id).equals("received"));
                // Handing over again is answered alike and delivers nothing twice.
                assertThat(site.post(party, "/v1/deliveries", party.equals("P0") ? p0 : p1))
                        .isEqualTo(202);
            }
            var relayed = site.get("R0", "/v1/deliveries/" + id);
            assertThat(relayed.get("state").asString()).isEqualTo("received");
            assertThat(relayed.get("places").toString())
                    .isEqualTo("{\"expected\":9,\"bundled\":0,\"received\":9,\"refused\":0,\"held\":0}");
            assertThat(site.curlWithoutCertificate("C0", "/v1/results").code()).isNotZero();
            site.assertNoVerdictAt("P0", "P1", "R0");
        }
    }

    /// The client's keys may not have come yet: 503 means to come again.
    private static int handOver(Site site, String party, Path file) {
        return await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> site.post(party, "/v1/deliveries", file), status -> status != 503);
    }

    private static String state(Site site, String party, String id) {
        return site.get(party, "/v1/deliveries/" + id).get("state").asString();
    }
}
