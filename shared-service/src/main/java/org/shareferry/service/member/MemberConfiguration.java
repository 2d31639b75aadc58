// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.nio.file.Path;
import java.time.Clock;
import org.shareferry.member.MemberName;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;

/// Who we are and whom we know.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ServiceProperties.class)
class MemberConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    /// Paths of settings are paths of the file system and nothing else.
    @Bean
    @ConfigurationPropertiesBinding
    static PathConverter pathConverter() {
        return new PathConverter();
    }

    /// A class of its own, because Spring needs to see the types.
    static final class PathConverter implements Converter<String, Path> {
        @Override
        public Path convert(String text) {
            return Path.of(text);
        }
    }

    @Bean
    @ConfigurationPropertiesBinding
    static MemberNameConverter memberNameConverter() {
        return new MemberNameConverter();
    }

    static final class MemberNameConverter implements Converter<String, MemberName> {
        @Override
        public MemberName convert(String text) {
            return MemberName.parse(text);
        }
    }

    @Bean
    RosterFile rosterFile(ServiceProperties properties, Clock clock) {
        return new RosterFile(properties.roster(), clock);
    }
}
