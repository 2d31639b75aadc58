// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;

class WebhookSecretTest {
    private static final String ONE = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final Bytes BODY = Bytes.ascii("{\"test\": 2432232314}");

    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        var file = folder.resolve("webhook.secret");
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// Of the test suites of Standard Webhooks' own libraries, whose secret has 24 bytes.
    @Test
    void the_published_example_has_the_published_signature() {
        var key = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        try (var secret = new WebhookSecret(List.of(SecretBytes.takeOver(key)))) {
            assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Instant.ofEpochSecond(1614265330), BODY))
                    .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        }
    }

    @Test
    void id_time_body_and_secret_are_all_signed() throws Exception {
        var now = Instant.ofEpochSecond(1614265330);
        var other = "whsec_"
                + Base64.getEncoder()
                        .encodeToString("another secret, with its 32 bytes".getBytes(StandardCharsets.US_ASCII));
        String signature;
        try (var secret = WebhookSecret.read(file(ONE))) {
            signature = secret.sign("a", now, BODY);
            assertThat(secret.sign("b", now, BODY)).isNotEqualTo(signature);
            assertThat(secret.sign("a", now.plusSeconds(1), BODY)).isNotEqualTo(signature);
            assertThat(secret.sign("a", now, Bytes.ascii("{}"))).isNotEqualTo(signature);
        }
        try (var secret = WebhookSecret.read(file(other + "\n" + ONE + "\n"))) {
            assertThat(secret.sign("a", now, BODY).split(" "))
                    .hasSize(2)
                    .doesNotHaveDuplicates()
                    .contains(signature);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "secret",
                "whsec_#",
                // 31 and 65 bytes
                "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
            })
    void a_malformed_or_short_secret_is_refused_without_being_shown(String content) throws Exception {
        var file = file(content);

        assertThatThrownBy(() -> WebhookSecret.read(file))
                .isInstanceOf(WebhookSecretException.class)
                .message()
                .doesNotContain("AAAA", "#");
    }

    @Test
    void three_secrets_a_missing_file_and_one_that_others_can_read_are_refused() throws Exception {
        assertThatThrownBy(() -> WebhookSecret.read(folder.resolve("none"))).hasMessageContaining("missing");
        var three = file(ONE + "\n" + ONE + "\n" + ONE);
        assertThatThrownBy(() -> WebhookSecret.read(three)).hasMessageContaining("one line");
        var open = file(ONE);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> WebhookSecret.read(open)).hasMessageContaining("accessible to everyone");
    }
}
