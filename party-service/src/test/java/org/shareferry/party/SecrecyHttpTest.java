// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.HandOverBody.random;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Everything that this service writes is searched for every share and key that it was given.
class SecrecyHttpTest {
    private final List<byte[]> secrets = new ArrayList<>();

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    @BeforeEach
    void capture() {
        var capture = new PrintStream(written, true, StandardCharsets.UTF_8);
        System.setOut(capture);
        System.setErr(capture);
    }

    @AfterEach
    void release() {
        System.setOut(out);
        System.setErr(err);
    }

    private byte[] secret(int size) {
        var bytes = random(size);
        secrets.add(bytes);
        return bytes;
    }

    @Test
    void no_log_line_no_answer_and_no_file_holds_a_share_or_a_key() throws Exception {
        var answers = new ArrayList<String>();
        try (var host = PartyHost.start("logging.level.root=TRACE", "logging.level.org.shareferry=TRACE")) {
            var good = HandOverBody.of("batched", 4, 2)
                    .pairwiseKey("P0", secret(16), secret(16))
                    .chunk(secret(64), secret(48))
                    .chunk(secret(64), secret(48));
            var withoutKeys = HandOverBody.of("additive", 2, 2).chunk(secret(32));
            var outOfRange = HandOverBody.of("additive", 2, 2)
                    .with("domain", Map.of("type", "prime", "modulus", "65537"))
                    .chunk(secret(16));
            var tooLong = HandOverBody.of("additive", 2, 2).chunk(secret(48));
            var cut = HandOverBody.of("additive", 2, 2).chunk(secret(32)).json();
            answers.add(host.postJson(good.json()).body().toString());
            answers.add(host.post("P1", "application/cbor", withoutKeys.cbor())
                    .body()
                    .toString());
            answers.add(host.postJson(outOfRange.json()).body().toString());
            answers.add(
                    host.post("P1", "application/cbor", tooLong.cbor()).body().toString());
            answers.add(host.postJson(cut.substring(0, cut.length() - 9)).body().toString());
            await().untilAsserted(
                            () -> assertThat(host.relay().envelopes(good.id())).hasSize(2));
            answers.add(host.get("/v1/deliveries/" + good.id()).body().toString());

            assertThat(answers.get(2)).contains("hand-over-invalid");
            assertThat(answers.get(4)).contains("request-malformed");
            assertThat(written.toString(StandardCharsets.UTF_8))
                    .contains("Handed over")
                    .contains("Hand-over refused")
                    .contains("TRACE");
            assertHoldsNoSecret("logs", written.toString(StandardCharsets.UTF_8));
            answers.forEach(answer -> assertHoldsNoSecret("answers", answer));
            assertFilesHoldNoSecret(host);
            host.shutDown();
            assertFilesHoldNoSecret(host);
        }
    }

    private void assertFilesHoldNoSecret(PartyHost host) throws IOException {
        try (var files = Files.list(host.members().folder())) {
            for (var file : files.toList()) {
                assertHoldsNoSecret(
                        file.getFileName().toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(Files.size(host.database())).isPositive();
    }

    private void assertHoldsNoSecret(String where, String text) {
        for (var secret : secrets) {
            for (int from = 0; from + 12 <= secret.length; from += 12) {
                var part = Arrays.copyOfRange(secret, from, from + 12);
                assertThat(text)
                        .as(where)
                        .doesNotContain(new String(part, StandardCharsets.ISO_8859_1))
                        .doesNotContainIgnoringCase(HexFormat.of().formatHex(part))
                        .doesNotContain(Base64.getUrlEncoder().encodeToString(part))
                        .doesNotContain(Base64.getEncoder().encodeToString(part))
                        .doesNotContain(Arrays.toString(part).replaceAll("[\\[\\]]", ""));
            }
        }
    }
}
