// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import org.shareferry.canary.CanaryFolder;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.Role;
import org.shareferry.service.member.AccessRules;
import org.shareferry.service.member.CallerRole;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.member.StartupException;
import org.shareferry.service.web.StreamedBodies;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/// The member that this service acts for, and its access rules.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PartyProperties.class)
class PartyConfiguration {
    private static final String DELIVERIES = "/v1/deliveries";

    PartyConfiguration(PartyProperties properties) {
        if (Protocol.named(properties.protocol()).isEmpty()) {
            throw new StartupException("shareferry.party.protocol is \"" + properties.protocol()
                    + "\", which is not a supported MP-SPDZ protocol. Name the protocol that the VMs run: "
                    + Protocol.names() + ".");
        }
    }

    @Bean
    CanaryFolder canaryFolder(PartyProperties properties) {
        return new CanaryFolder(properties.canary());
    }

    @Bean
    OwnMember ownMember(ServiceProperties properties, RosterFile roster) {
        return OwnMember.of(properties, Role.PARTY, roster);
    }

    /// Only this party's own member and users may call this service.
    @Bean
    AccessRules accessRules() {
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
                        .description(
                                "Takes a party's share vectors over, seals them to the client in the same call, and"
                                        + " sees the envelopes to the relay. Only the party's own member and users may call."
                                        + " Integers have up to 64 bits: browsers, Node's JSON.parse and jq round those"
                                        + " beyond 2^53, so read and write them with a parser that keeps them.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }
}
