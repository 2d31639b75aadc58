// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;

class ContentDigestTest {
    /// RFC 9530 appendix B.1 has the content `{"hello": "world"}` and a line feed.
    private static final ContentDigest HELLO =
            ContentDigest.of(List.of(Bytes.ascii("{\"hello\": "), Bytes.ascii("\"world\"}\n")));

    @Test
    void a_digest_is_written_as_in_the_standard() {
        assertThat(HELLO).hasToString("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                "md5=:Sd/dVLAcvNLSq16eXua5uQ==:, sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=: ,unixsum=30637"
            })
    void a_digest_is_found_among_others(String field) {
        assertThat(ContentDigest.parse(field)).contains(HELLO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha-512=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                "xsha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
                "sha-256=:RK/0qy18:"
            })
    void other_values_have_no_digest(String field) {
        assertThat(ContentDigest.parse(field)).isEmpty();
    }
}
