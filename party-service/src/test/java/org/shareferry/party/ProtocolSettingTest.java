// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Validation;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.service.member.StartupException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// What a client shows as VERIFIED rests on the protocol's name, so a service starts with nothing but a name
/// that exists.
class ProtocolSettingTest {
    private static PartyProperties properties(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("shareferry.party", PartyProperties.class);
    }

    private static PartyProperties named(String protocol) {
        return properties(Map.of("shareferry.party.protocol", protocol));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spdz2k", "mascot", "semi2k", "malicious-shamir"})
    void a_protocol_of_mp_spdz_is_taken(String protocol) {
        assertThatCode(() -> new PartyConfiguration(named(protocol))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "spdz", "SPDZ2k", "spdz2k-party.x", "yao"})
    void an_unknown_name_prevents_the_start_and_the_error_lists_the_names(String protocol) {
        var properties = named(protocol);

        assertThatThrownBy(() -> new PartyConfiguration(properties))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("shareferry.party.protocol is \"" + protocol + "\"")
                .hasMessageContaining("spdz2k, mascot");
    }

    @Test
    void there_is_no_default() {
        try (var factory = Validation.buildDefaultValidatorFactory()) {
            var violations = factory.getValidator().validate(properties(Map.of()));

            assertThat(violations)
                    .singleElement()
                    .satisfies(violation -> assertThat(
                                    Objects.toString(violation.getPropertyPath()) + " " + violation.getMessage())
                            .isEqualTo("protocol must name the protocol that the VMs run, as MP-SPDZ calls it; there is"
                                    + " no default"));
        }
    }
}
