// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.webhook.ReceiverStub.Reply;
import org.shareferry.delivery.Scheme;
import org.shareferry.service.fixture.SettableClock;

/// A running client-service and a receiver on the same machine.
class WebhookOverHttpTest {
    @Test
    void a_delivery_is_told_when_it_is_checked_and_a_failure_is_found(@TempDir Path folder) throws Exception {
        var clock = new SettableClock();
        var members = new TestMembers(folder);
        var secret = Files.writeString(
                folder.resolve("webhook.secret"), "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        try (var receiver = new ReceiverStub(Optional.empty());
                var client = ClientHost.start(
                        members,
                        clock,
                        "shareferry.client.webhook.url=" + receiver.url(),
                        "shareferry.client.webhook.secret-file=" + secret)) {
            receiver.replies(Reply.of(500));
            var made = TestDelivery.of(members, client.sealingKey(clock), Scheme.BATCHED, 1, 2, 3);

            made.bundles().forEach(client::received);

            await().until(() -> client.as("user").get("/v1/findings").text().contains("It answered with status 500."));
            await().until(() -> receiver.requests().size() == 2);
            assertThat(receiver.requests().getLast().json().at("/data/id").asString())
                    .isEqualTo(made.id());
            await().until(() -> !client.as("user").get("/v1/findings").text().contains("webhook-not-acknowledged"));
        }
    }
}
