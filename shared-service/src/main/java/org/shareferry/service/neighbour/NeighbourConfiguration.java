// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.time.Clock;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.tls.TlsFiles;
import org.shareferry.site.settings.NeighbourProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Requests to neighbours.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NeighbourProperties.class)
class NeighbourConfiguration {
    @Bean
    AnswerBodies answerBodies(CBORMapper cbor) {
        return new AnswerBodies(cbor);
    }

    @Bean
    Neighbours neighbours(
            TlsFiles tls,
            RosterFile roster,
            Clock clock,
            NeighbourProperties properties,
            JsonMapper json,
            CBORMapper cbor) {
        return new Neighbours(tls, roster, clock, properties, new AnswerReading(json, cbor));
    }
}
