// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import org.shareferry.delivery.Scheme;
import org.shareferry.mpspdz.CapturedDialog.Delivery;
import org.shareferry.mpspdz.CapturedDialog.Take;
import tools.jackson.databind.json.JsonMapper;

/// Captured runs of real VMs that asked for inputs, took them, and delivered what they computed from them.
class CapturedInputsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "input");

    @ParameterizedTest
    @ValueSource(strings = {"spdz2k-two-10", "mascot-two-10"})
    void a_captured_run_has_its_requests_and_the_masked_inputs_that_were_taken(String name) throws Exception {
        var folder = FOLDER.resolve(name);
        var expected = JsonMapper.shared()
                .readTree(folder.resolve("expected.json").toFile())
                .get("deliveries");

        for (var party : new String[] {"P0", "P1"}) {
            var file = Bytes.of(Files.readAllBytes(folder.resolve(party + ".dialog")));
            var dialog = CapturedDialog.parse(name, file);

            assertThat(dialog.deliveries())
                    .extracting(Delivery::scheme)
                    .containsExactly(Scheme.INPUT, Scheme.INPUT, Scheme.COMMITTED);
            assertThat(dialog.events()).hasSize(5);
            for (var event : dialog.events()) {
                if (event instanceof Take(long asked, Bytes masked)) {
                    var request = expected.get((int) asked);
                    assertThat(masked(dialog, masked).toHex())
                            .isEqualTo(request.get("m").asString());
                    assertThat(dialog.deliveries().get((int) asked).bits())
                            .isEqualTo(request.get("bits").asInt());
                }
            }
        }
    }

    /// As a client sends them: VMs read each element in the size of a share.
    private static Bytes masked(CapturedDialog dialog, Bytes taken) {
        int share = dialog.domain().elementBytes();
        int sent = Scheme.INPUT.elementDomain(dialog.domain()).elementBytes();
        var out = new BytesOutput(taken.size());
        for (int from = 0; from < taken.size(); from += share) {
            out.writeBytes(Bytes.ofRange(taken.toArray(), from, from + sent).toArray());
        }
        return out.written();
    }
}
