// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.HandOverBody.random;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.shareferry.service.fixture.CapturedOutput;

/// Searches everything that the service writes for all shares and keys.
class SecrecyHttpTest {
    private final List<byte[]> secrets = new ArrayList<>();

    private final CapturedOutput output = CapturedOutput.begin();

    @AfterEach
    void release() {
        output.close();
    }

    private byte[] secret(int size) {
        var bytes = random(size);
        secrets.add(bytes);
        return bytes;
    }

    @Test
    void logs_responses_and_files_contain_no_share_or_key() throws Exception {
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
            answers.add(host.postJson(good.json()).text());
            answers.add(host.post("P1", "application/cbor", withoutKeys.cbor())
                    .json()
                    .toString());
            answers.add(host.postJson(outOfRange.json()).text());
            answers.add(host.post("P1", "application/cbor", tooLong.cbor()).text());
            answers.add(host.postJson(cut.substring(0, cut.length() - 9)).text());
            await().untilAsserted(
                            () -> assertThat(host.relay().envelopes(good.id())).hasSize(2));
            answers.add(host.get("/v1/deliveries/" + good.id()).text());

            assertThat(answers.get(2)).contains("hand-over-invalid");
            assertThat(answers.get(4)).contains("request-malformed");
            assertThat(output.text())
                    .contains("Hand-over completed")
                    .contains("Hand-over refused")
                    .contains("TRACE");
            assertHoldsNoSecret("logs", output.text());
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
        assertThat(Files.size(host.members().database())).isPositive();
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
