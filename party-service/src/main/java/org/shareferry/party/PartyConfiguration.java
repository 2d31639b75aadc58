// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import org.shareferry.service.member.AccessPolicy;
import org.shareferry.service.member.CallerRole;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.web.StreamedBodies;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.settings.PartyProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/// The member that this service acts for, and its access rules.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PartyProperties.class)
class PartyConfiguration {
    private static final String DELIVERIES = "/v1/deliveries";

    @Bean
    CanaryFolder canaryFolder(PartyProperties properties) {
        return new CanaryFolder(properties.canary());
    }

    @Bean
    OwnMember ownMember(ServiceProperties properties, RosterFile roster) {
        return OwnMember.of(properties, roster);
    }

    /// Only this party's own member and users may call this service.
    @Bean
    AccessPolicy accessPolicy() {
        return requests -> requests.requestMatchers(HttpMethod.POST, DELIVERIES, "/v1/redeliveries")
                .hasAuthority(CallerRole.LOCAL.name())
                .requestMatchers(HttpMethod.GET, DELIVERIES, DELIVERIES + "/*", DELIVERIES + "/*/receipts")
                .hasAuthority(CallerRole.LOCAL.name());
    }

    /// Hand-overs are read as a stream, with a limit for each chunk.
    @Bean
    StreamedBodies streamedBodies() {
        return request -> "POST".equals(request.getMethod()) && DELIVERIES.equals(request.getServletPath());
    }

    @Bean
    static OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Shareferry party-service")
                        .description("Takes a party's share vectors, seals them to the client within the request, and"
                                + " submits the envelopes to the relay. Only the party's own member and users may call."
                                + " Integers have up to 64 bits: browsers, Node's JSON.parse and jq round those"
                                + " beyond 2^53, so read and write them with a parser that keeps them.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }
}
