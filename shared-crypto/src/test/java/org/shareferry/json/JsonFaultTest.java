// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonFaultTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private record Sample(String text, long number, List<Integer> list) {}

    private static String fault(String json) {
        var thrown = catchThrowableOfType(
                JacksonException.class, () -> JSON.readValue(json.getBytes(StandardCharsets.UTF_8), Sample.class));
        return JsonFault.of(thrown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\":\"a\",\"text\":\"b\"} | has the property \"text\" twice near byte 18",
                "{\"number\":9223372036854775808} | has a number that is out of range at \"number\" near byte 29",
                "{\"list\":[1,2147483648]} | has a number that is out of range at \"list[1]\" near byte 21",
                "{\"number\":\"1\"} | has a missing value or one of the wrong type at \"number\" near byte 10",
                "{\"number\":1,\"more\":2} | has the unknown property \"more\" near byte 21",
                "{\"number\":1,\"list\":[],\"text\":\"a\" | ends before it is complete near byte 32",
                "{number:1} | is not well-formed near byte 1",
                "`` | is empty",
                "{\"text\":\"\",\"number\":1,\"list\":[]} {} | has unexpected data after its end near byte 33"
            })
    void the_actual_fault_and_its_place_are_named(String json, String fault) {
        assertThat(fault(json)).isEqualTo(fault);
    }

    @Test
    void nothing_of_the_content_is_repeated_but_harmless_characters_of_names() {
        assertThat(fault("{\"number\":1,\"<b>\\n\":1}")).startsWith("has the unknown property \"?b??\" near byte ");
        assertThat(fault("{\"number\":98765432109876543210}")).doesNotContain("9876");
        assertThat(fault("{\"number\":1,\"" + "n".repeat(100) + "\":1}")).contains("\"" + "n".repeat(40) + "\"");
    }
}
