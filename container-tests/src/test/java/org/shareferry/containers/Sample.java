// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;

import org.shareferry.containers.Program.Ran;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `shareferry sample` printed.
final class Sample {
    private Sample() {}

    /// @return the delivery's id
    static String assertArrived(Ran sample, Compose compose) {
        assertThat(sample.code()).as(sample.output() + compose.logs()).isZero();
        var result = result(sample);
        assertThat(result.path("verdict").asString("")).isEqualTo("VERIFIED");
        assertThat(result.path("values").valueStream().map(JsonNode::asInt))
                .containsExactly(-7, -6, -3, 2, 9, 18, 29, 42, 57, 74);
        return result.path("id").asString("");
    }

    /// docker-compose says what it creates before that.
    private static JsonNode result(Ran sample) {
        var line = sample.output()
                .lines()
                .filter(text -> text.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(sample.output()));
        return JsonMapper.shared().readTree(line);
    }
}
