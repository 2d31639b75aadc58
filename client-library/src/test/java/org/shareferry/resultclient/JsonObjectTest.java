// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
    private static JsonObject parse(String json) throws IOException {
        return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_number_keeps_all_its_digits() throws IOException {
        var json = parse("{\"a\": 9007199254740993, \"b\": \"-9223372036854775808\", \"c\": null}");

        assertThat(json.number("a")).isEqualTo(9007199254740993L);
        assertThat(json.number("b")).isEqualTo(Long.MIN_VALUE);
        assertThat(json.optional("c")).isEmpty();
        assertThat(json.texts("d")).isEmpty();
    }

    @Test
    void json_that_is_not_an_object_is_refused() {
        for (var text : new String[] {"", "[]", "{", "{\"a\":", "{\"a\":[1,", "nonsense", "{\"a\" 1}"}) {
            assertThatThrownBy(() -> parse(text)).as(text).isInstanceOf(IOException.class);
        }
    }

    @Test
    void any_text_is_read_or_refused() {
        var random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            var text = new StringBuilder("{");
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append("{}[]\":,a1-null".charAt(random.nextInt(14)));
            }
            try {
                assertThat(parse(text.toString()).properties()).isNotNull();
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("The answer is no JSON");
            }
        }
    }
}
