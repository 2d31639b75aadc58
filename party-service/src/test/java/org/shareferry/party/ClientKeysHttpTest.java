// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.shareferry.member.Roster;
import org.shareferry.service.fixture.Caller.Reply;

class ClientKeysHttpTest {
    private PartyHost host;

    @BeforeEach
    void start() throws Exception {
        host = PartyHost.start();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Reply handOver() throws Exception {
        return host.postJson(HandOverBody.small().json());
    }

    /// Removes what the service fetched before the test.
    private void forget() throws Exception {
        host.shutDown();
        Files.delete(host.members().database());
    }

    @Test
    void a_hand_over_without_an_announcement_is_refused_as_retryable() throws Exception {
        forget();
        host.relay().announce(Optional.empty());
        host.boot();

        var reply = handOver();

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("keys-unavailable");
        assertThat(reply.json().path("detail").asString()).contains("has not announced");
        assertThat(reply.json().path("advice").asString()).isNotBlank();
    }

    @Test
    void a_refusal_names_the_unreachable_relay_if_no_key_is_stored() throws Exception {
        forget();
        host.relay().stop();
        host.boot();

        var reply = handOver();

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("keys-unavailable");
        assertThat(reply.json().path("detail").asString()).contains("R0 cannot be reached");
    }

    @Test
    void a_key_not_signed_by_the_client_is_rejected() throws Exception {
        forget();
        host.relay()
                .announce(Optional.of(host.members().announcement(TestMembers.R0, Instant.now(), Duration.ofDays(60))));
        host.boot();

        var reply = handOver();

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().path("detail").asString()).contains("not signed with the key that the roster pins");
    }

    @Test
    void expired_keys_are_not_used() throws Exception {
        assertThat(handOver().status()).isEqualTo(202);

        host.clock().advance(Duration.ofDays(61));

        assertThat(handOver().problem()).isEqualTo("keys-unavailable");
    }

    @Test
    void a_new_announcement_is_fetched_when_the_old_keys_have_expired() throws Exception {
        assertThat(handOver().status()).isEqualTo(202);
        host.clock().advance(Duration.ofDays(61));
        host.relay()
                .announce(Optional.of(
                        host.members().announcement(TestMembers.C0, host.clock().instant(), Duration.ofDays(60))));

        assertThat(handOver().status()).isEqualTo(202);
    }

    @Test
    void an_older_announcement_does_not_replace_a_newer_one() throws Exception {
        await().untilAsserted(() -> assertThat(health()).contains("valid until"));
        var before = health();
        host.relay()
                .announce(Optional.of(host.members()
                        .announcement(TestMembers.C0, Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(300))));

        host.clock().advance(Duration.ofMinutes(11));
        assertThat(handOver().status()).isEqualTo(202);
        host.shutDown();
        host.boot();

        assertThat(handOver().status()).isEqualTo(202);
        assertThat(until(health())).isEqualTo(until(before));
    }

    private static String until(String health) {
        return health.replaceAll("(?s).*valid until ([-0-9T:.Z]+).*", "$1");
    }

    @Test
    void health_warns_about_keys_that_expire_soon() throws Exception {
        assertThat(handOver().status()).isEqualTo(202);
        assertThat(health()).doesNotContain("warning: the last announced key");

        host.clock().advance(Duration.ofDays(58));
        assertThat(health()).contains("warning: the last announced key");

        host.clock().advance(Duration.ofDays(3));
        assertThat(health()).contains("warning: all announced keys have expired");
    }

    @Test
    void a_client_removed_from_the_roster_is_unknown_without_a_restart() throws Exception {
        var file = host.members().folder().resolve("roster.json");
        var roster = Roster.parse(Files.readString(file));
        var without = Roster.of(roster.members().stream()
                .filter(member -> !member.name().equals(TestMembers.C0))
                .toList());
        Files.writeString(file, without.toJson());
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        host.clock().advance(Duration.ofSeconds(2));

        var reply = handOver();

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("recipient-unknown");
    }

    private String health() {
        return host.managed("/actuator/health").text();
    }
}
