// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import org.shareferry.service.member.AccessPolicy;
import org.shareferry.service.member.CallerRole;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.web.StreamedBodies;
import org.shareferry.site.settings.RelayProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/// Access rules and OpenAPI information of the relay.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RelayProperties.class)
class RelayConfiguration {
    @Bean
    OwnMember ownMember(ServiceProperties properties, RosterFile roster) {
        return OwnMember.of(properties, roster);
    }

    private static final String ANSWERS = "/v1/answers";

    @Bean
    AccessPolicy accessPolicy() {
        String[] anyMember = {CallerRole.PARTY.name(), CallerRole.CLIENT.name(), CallerRole.LOCAL.name()};
        return requests -> requests.requestMatchers(HttpMethod.POST, "/v1/envelopes", "/v1/envelopes/lacking")
                .hasAuthority(CallerRole.PARTY.name())
                .requestMatchers(HttpMethod.GET, "/v1/receipts", ANSWERS, "/v1/answers/values")
                .hasAuthority(CallerRole.PARTY.name())
                .requestMatchers(HttpMethod.GET, "/v1/deliveries", "/v1/deliveries/**", "/v1/members/*/keys")
                .hasAnyAuthority(anyMember)
                .requestMatchers(HttpMethod.GET, "/v1/members")
                .hasAuthority(CallerRole.LOCAL.name())
                .requestMatchers(HttpMethod.PUT, "/v1/members/*/keys")
                .hasAuthority(CallerRole.CLIENT.name())
                .requestMatchers(HttpMethod.GET, "/v1/bundles")
                .hasAuthority(CallerRole.CLIENT.name())
                .requestMatchers(HttpMethod.POST, "/v1/bundles/outcomes", ANSWERS)
                .hasAuthority(CallerRole.CLIENT.name())
                .requestMatchers(HttpMethod.POST, "/v1/redeliveries")
                .hasAnyAuthority(CallerRole.CLIENT.name(), CallerRole.LOCAL.name());
    }

    /// Masked inputs are read as a stream.
    @Bean
    StreamedBodies streamedBodies() {
        return request -> "POST".equals(request.getMethod()) && ANSWERS.equals(request.getServletPath());
    }

    @Bean
    static OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Shareferry relay")
                        .description(
                                "Takes envelopes from parties, delivers bundles to clients, returns receipts, key"
                                        + " announcements and masked inputs. Every request needs a member's client certificate.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }
}
