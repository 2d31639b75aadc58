// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The demo, run as a user runs it, on captured runs of MP-SPDZ.
class CapturedDemoTest {
    private static final Path CAPTURES = Path.of("..", "shared-crypto", "src", "test", "resources", "mpspdz");

    @ParameterizedTest
    @ValueSource(strings = {"mascot-batched-6", "committed-1000", "mascot-committed-6"})
    void the_demo_prints_what_a_captured_run_must_come_out_as(String name) {
        var folder = CAPTURES.resolve(name).toAbsolutePath().normalize();

        var printed =
                Site.shareferry("demo", "--once", "--json", "--input", folder).strip();

        var got = JsonMapper.shared()
                .readTree(printed.substring(printed.lastIndexOf('\n') + 1))
                .get("deliveries");
        var expected = JsonMapper.shared()
                .readTree(Site.read(folder.resolve("expected.json")))
                .get("deliveries");
        assertThat(got.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            for (var field : new String[] {"id", "label", "scheme", "verdict", "count", "precision", "values"}) {
                assertThat(got.get(i).get(field))
                        .as(field)
                        .isEqualTo(expected.get(i).get(field));
            }
        }
    }
}
