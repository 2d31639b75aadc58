// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.client.ClientProperties.Mode;
import org.shareferry.doctor.settings.SettingConverters.MemberNameConverter;
import org.shareferry.doctor.settings.SettingConverters.PathConverter;
import org.shareferry.doctor.settings.SiteSettings;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Spellings of a client's own settings, each read by the client-service's record of properties and by the doctor.
class SettingsReadAlikeTest {
    private static final String[] NEEDED = {
        "shareferry.member=C0",
        "shareferry.roster=roster.json",
        "shareferry.identity-key=identity.pem",
        "shareferry.client.parties=P0,P1",
        "shareferry.client.keys=keys",
        "shareferry.tls.certificate=tls.crt",
        "shareferry.tls.private-key=tls.key",
        "shareferry.tls.trust=trust.pem",
        "shareferry.tls.authorities=authorities.json"
    };

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ClientProperties.class)
    static class Records {
        @Bean
        @ConfigurationPropertiesBinding
        static PathConverter paths() {
            return new PathConverter();
        }

        @Bean
        @ConfigurationPropertiesBinding
        static MemberNameConverter names() {
            return new MemberNameConverter();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shareferry.other=",
                "shareferry.client.mode=pull",
                "shareferry.client.mode=PULL",
                "shareferry.client.mode=Push",
                "shareferry.client.mode= pull ",
                "shareferry.client.keys=file:/data/keys",
                "shareferry.client.keys=${shareferry.member}/keys",
                "shareferry.client.parties=P0 , P1",
                "shareferry.client.party-sets.threes.parties=P0, P1, P2",
                "shareferry.client.partySets.a-1.parties=P1,P2"
            })
    void the_doctor_reads_a_spelling_as_the_service_does(String row) {
        new ApplicationContextRunner()
                .withUserConfiguration(Records.class)
                .withPropertyValues(NEEDED)
                .withPropertyValues(row)
                .run(context -> {
                    var service = context.getBean(ClientProperties.class);
                    var doctors = SiteSettings.read(context.getEnvironment(), Path.of(""));

                    assertThat(doctors.isDialled()).isEqualTo(service.mode() == Mode.PUSH);
                    assertThat(doctors.openingKeys()).contains(service.keys());
                    assertThat(doctors.parties()).isEqualTo(service.parties());
                    assertThat(doctors.partySets())
                            .isEqualTo(service.partySets().values().stream()
                                    .map(ClientProperties.SetProperties::parties)
                                    .toList());
                });
    }
}
