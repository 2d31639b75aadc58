// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.check.Verdict;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.webhook.WebhookEvent.Type;
import org.shareferry.client.webhook.WebhookSender.Outcome;
import org.shareferry.delivery.Scheme;
import org.shareferry.site.settings.WebhookProperties;
import tools.jackson.databind.json.JsonMapper;

/// The example and the receiver of docs/webhook.md fit what is sent.
class WebhookDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "webhook.md");
    private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
    private static final String OTHER = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\n";

    private final JsonMapper json = JsonMapper.shared();

    @TempDir
    private Path folder = Path.of("");

    private Optional<Process> receiver = Optional.empty();

    private static String block(String language) throws IOException {
        var found = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(DOCUMENT));
        assertThat(found.find()).as("a block of " + language).isTrue();
        return found.group(1);
    }

    private Path secret(String name, String content) throws IOException {
        var file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @BeforeEach
    void startReceiver() throws IOException {
        var program = Files.writeString(folder.resolve("receiver.py"), block("python"));
        var secret = secret("receiver.secret", SECRET);
        try {
            receiver = Optional.of(new ProcessBuilder("python3", program.toString(), secret.toString(), "0")
                    .redirectError(folder.resolve("receiver.err").toFile())
                    .start());
        } catch (IOException e) {
            abort("There is no python3 here.");
        }
    }

    @AfterEach
    void stopReceiver() throws InterruptedException {
        if (receiver.isPresent()) {
            receiver.get().destroyForcibly().waitFor();
        }
    }

    private static WebhookEvent event() {
        var facts = TestDelivery.facts(Scheme.BATCHED, 3);
        return new WebhookEvent(
                Type.RESULT_CHECKED, facts, Optional.of(Verdict.VERIFIED), Instant.parse("2026-06-01T12:00:00Z"));
    }

    private Outcome send(String url, Path secret, Clock clock, WebhookEvent event) throws InterruptedException {
        var properties = new WebhookProperties(
                url, secret, null, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofHours(24));
        try (var sender = new WebhookSender(properties, json, clock)) {
            return sender.send(event);
        }
    }

    @Test
    void the_receiver_accepts_a_signed_event_once_and_nothing_else() throws Exception {
        var now = Clock.systemUTC();
        var event = event();
        var line = "result.checked " + event.facts().id() + " 7 VERIFIED";
        try (var out = new BufferedReader(receiver.orElseThrow().inputReader(StandardCharsets.UTF_8))) {
            var url = "http://127.0.0.1:" + out.readLine().replace("listening on ", "") + "/";

            var stranger = send(url, secret("stranger", OTHER), now, event);
            var old = send(url, secret("own", SECRET), Clock.offset(now, Duration.ofMinutes(-6)), event);
            var both = send(url, secret("both", OTHER + SECRET), now, event);
            var again = send(url, secret("own", SECRET), now, event);
            var another = event();
            var last = send(url, secret("own", SECRET), now, another);

            assertThat(stranger).isEqualTo(Outcome.Failed.of("It answered with status 401."));
            assertThat(old).isEqualTo(Outcome.Failed.of("It answered with status 401."));
            assertThat(both).isEqualTo(new Outcome.Acknowledged());
            assertThat(again).isEqualTo(new Outcome.Acknowledged());
            assertThat(last).isEqualTo(new Outcome.Acknowledged());
            assertThat(out.readLine()).isEqualTo(line);
            assertThat(out.readLine())
                    .as("each event once")
                    .isEqualTo("result.checked " + another.facts().id() + " 7 VERIFIED");
        }
    }

    @Test
    void the_documented_example_equals_the_sent_event() throws Exception {
        var shown = json.readTree(block("json"));
        var event = event();

        var sent = json.readTree(event.body(json).toArray());

        assertThat(shown.toString())
                .isEqualTo(sent.toString()
                        .replace(
                                event.facts().id().toString(),
                                shown.at("/data/id").asString()));
    }
}
