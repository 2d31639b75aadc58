// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "0:0:0:0:0:0:0:1", "localhost", "LocalHost"})
    void loopback_addresses_and_localhost_are_loopback(String host) {
        assertThat(Loopback.isNamed(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.x.example",
                "127.0.0.1.example.org",
                "127.",
                "127.0.0.1:80",
                "localhost.example.org",
                "128.0.0.1",
                "0.0.0.0",
                "::",
                "10.0.0.1",
                "vm",
                ""
            })
    void other_names_and_addresses_are_not_loopback(String host) {
        assertThat(Loopback.isNamed(host)).isFalse();
    }
}
