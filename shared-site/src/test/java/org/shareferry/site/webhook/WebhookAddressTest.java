// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example/hooks?site=1",
                "https://10.0.0.7:8443/",
                "http://localhost:8080/hook",
                "http://127.0.0.1:8080",
                "http://[::1]:8080/"
            })
    void https_and_http_to_this_machine_are_accepted(String address) {
        assertThat(WebhookAddress.objection(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.example",
                "http://app.example/",
                "http://127.0.0.1.example/",
                "http://localhost.example/",
                "http://10.0.0.7/",
                "ftp://localhost/",
                "file:///etc/passwd",
                "https:///hook",
                "https://user:password@app.example/",
                "https://app.example/#part",
                "https://app example/"
            })
    void other_addresses_are_refused(String address) {
        assertThat(WebhookAddress.objection(address)).isPresent();
    }
}
