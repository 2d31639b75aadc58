// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.time.Clock;
import org.shareferry.site.settings.ServiceProperties;
import org.shareferry.site.settings.SettingConverters.MemberNameConverter;
import org.shareferry.site.settings.SettingConverters.PathConverter;
import org.shareferry.site.settings.SettingConverters.ProtocolConverter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The service's own member and the roster.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ServiceProperties.class)
class MemberConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static PathConverter pathConverter() {
        return new PathConverter();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static MemberNameConverter memberNameConverter() {
        return new MemberNameConverter();
    }

    @Bean
    @ConfigurationPropertiesBinding
    static ProtocolConverter protocolConverter() {
        return new ProtocolConverter();
    }

    @Bean
    RosterFile rosterFile(ServiceProperties properties, Clock clock) {
        return new RosterFile(properties.roster(), clock);
    }
}
