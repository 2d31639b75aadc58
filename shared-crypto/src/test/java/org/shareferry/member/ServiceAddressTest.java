// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An address is refused where it is read, with the part that is wrong, and not later when it is connected to.
class ServiceAddressTest {
    private static final String LABEL_OF_63 = "a".repeat(63);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://relay:8443",
                "https://relay",
                "https://Relay.Example.org:1",
                "https://xn--bcher-kva.example:65535",
                "https://1relay:8443",
                "https://127.0.0.1:8443",
                "https://[::1]:8443",
                "https://[2001:db8::7]"
            })
    void what_is_accepted_can_be_connected_to(String text) {
        var address = ServiceAddress.parse(text);

        assertThat(address).hasToString(text);
        assertThat(HttpRequest.newBuilder(address).build().uri().getHost()).isNotEmpty();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("https://p0_relay:8443", "underscore"),
                Arguments.of("https://relay:0", "port"),
                Arguments.of("https://relay:65536", "port"),
                Arguments.of("https://relay:", "port"),
                Arguments.of("https://relay:84x", "port"),
                Arguments.of("https://[fe80::1%eth0]:8443", "zone"),
                Arguments.of("https://[::1]x", "port"),
                Arguments.of("https://[::1", "bracket"),
                Arguments.of("https://[::g]:1", "not an IPv6 address"),
                Arguments.of("https://[::ffff:1.2.3.4]:1", "IPv4"),
                Arguments.of("https://::1:8443", "brackets"),
                Arguments.of("https://" + LABEL_OF_63 + "a:1", "63"),
                Arguments.of("https://" + (LABEL_OF_63 + ".").repeat(4) + "a:1", "253"),
                Arguments.of("https://a..b:1", "label"),
                Arguments.of("https://a.:1", "label"),
                Arguments.of("https://-a:1", "label"),
                Arguments.of("https://bücher.example:1", "xn--"),
                Arguments.of("https://a.1b:1", "last label"),
                Arguments.of("https://1.2.3:1", "last label"),
                Arguments.of("https://12:1", "last label"),
                Arguments.of("https://256.1.1.1:1", "IPv4"),
                Arguments.of("https://:8443", "host is missing"),
                Arguments.of("https://relay:8443/", "more than"),
                Arguments.of("https://me@relay:8443", "more than"),
                Arguments.of("https://relay :8443", "more than"),
                Arguments.of("http://relay:8443", "begin with https://"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void what_is_refused_is_refused_with_the_part_that_is_wrong(String text, String part) {
        assertThatThrownBy(() -> ServiceAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "127.0.0.1", "::1", LABEL_OF_63_DOT_ORG})
    void a_host_alone_is_judged_alike(String host) {
        assertThat(ServiceAddress.hostFault(host)).isEmpty();
        assertThat(ServiceAddress.hostFault(host + "_")).isPresent();
    }

    private static final String LABEL_OF_63_DOT_ORG =
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org";
}
