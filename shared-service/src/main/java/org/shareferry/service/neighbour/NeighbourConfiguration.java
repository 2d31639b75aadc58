// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.time.Clock;
import org.shareferry.service.member.RosterFile;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// The way out.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NeighbourProperties.class)
class NeighbourConfiguration {
    @Bean
    Neighbours neighbours(
            SslBundles bundles, RosterFile roster, Clock clock, NeighbourProperties properties, JsonMapper json) {
        return new Neighbours(bundles, roster, clock, properties, json);
    }
}
