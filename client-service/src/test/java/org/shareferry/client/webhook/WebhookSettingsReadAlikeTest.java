// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.doctor.MemberSite;
import org.shareferry.doctor.settings.SettingConverters.MemberNameConverter;
import org.shareferry.doctor.settings.SettingConverters.PathConverter;
import org.shareferry.doctor.settings.SiteSettings;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

/// Spellings of the webhook's settings, each read by the client-service's record and by the doctor.
class WebhookSettingsReadAlikeTest {
    private static final String[] NEEDED = {
        "shareferry.member=C0",
        "shareferry.roster=roster.json",
        "shareferry.identity-key=identity.pem",
        "shareferry.client.keys=keys",
        "shareferry.tls.certificate=tls.crt",
        "shareferry.tls.private-key=tls.key",
        "shareferry.tls.trust=trust.pem",
        "shareferry.tls.authorities=authorities.json",
        "shareferry.client.webhook.secretFile=file:/data/webhook.secret"
    };

    /// Not annotated as a configuration, so that no scan finds it.
    @EnableConfigurationProperties(WebhookProperties.class)
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

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Records.class)
                .withPropertyValues(NEEDED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shareferry.other=",
                "shareferry.client.webhook.url=",
                "shareferry.client.webhook.url= https://app.example/ ",
                "shareferry.client.webhook.URL=http://localhost:8080/"
            })
    void the_doctor_reads_a_spelling_as_the_service_does(String row) {
        runner().withPropertyValues(row, "shareferry.client.webhook.trust=receiver.crt")
                .run(context -> {
                    var service = context.getBean(WebhookProperties.class);
                    var doctors = SiteSettings.read(context.getEnvironment(), Path.of(""));

                    assertThat(doctors.webhook())
                            .isEqualTo(service.receiver()
                                    .map(url -> new MemberSite.Webhook(
                                            url,
                                            Optional.ofNullable(service.secretFile()),
                                            Optional.ofNullable(service.trust()))));
                });
    }

    @Test
    void an_unusable_url_or_one_without_a_secret_stops_the_start() {
        runner().withPropertyValues("shareferry.client.webhook.url=http://app.example/")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("shareferry.client.webhook.url does not begin with https://"));
        new ApplicationContextRunner()
                .withUserConfiguration(Records.class)
                .withPropertyValues("shareferry.client.webhook.url=https://app.example/")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("needs shareferry.client.webhook.secret-file"));
    }
}
