// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.service.member.AccessPolicy;
import org.shareferry.service.member.CallerRole;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.web.StreamedBodies;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/// Access rules and OpenAPI information of the client.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClientProperties.class)
class ClientConfiguration {
    private static final String INPUTS = "/v1/inputs";
    private static final String REQUESTS = "/v1/requests";

    @Bean
    OwnMember ownMember(ServiceProperties properties, RosterFile roster) {
        return OwnMember.of(properties, roster);
    }

    @Bean
    PartySets partySets(ClientProperties properties) {
        return PartySets.of(properties);
    }

    /// Closed when the client stops, which wipes all agreed keys.
    @Bean
    EnvelopeOpener envelopeOpener() {
        return new EnvelopeOpener(EnvelopeOpener.DEFAULT_KEPT);
    }

    @Bean
    AccessPolicy accessPolicy() {
        return requests -> requests.requestMatchers(HttpMethod.POST, "/v1/bundles")
                .hasAuthority(CallerRole.RELAY.name())
                .requestMatchers(HttpMethod.GET, "/v1/keys")
                .hasAnyAuthority(CallerRole.RELAY.name(), CallerRole.PARTY.name(), CallerRole.LOCAL.name())
                .requestMatchers(HttpMethod.DELETE, "/v1/results/*", "/v1/results/*/values")
                .hasAuthority(CallerRole.LOCAL.name())
                .requestMatchers(HttpMethod.GET, "/v1/results", "/v1/results/*", "/v1/results/*/evidence")
                .hasAuthority(CallerRole.LOCAL.name())
                .requestMatchers(HttpMethod.GET, "/v1/overview", "/v1/under-way")
                .hasAuthority(CallerRole.LOCAL.name())
                .requestMatchers(INPUTS, INPUTS + "/*", REQUESTS, REQUESTS + "/*/answer")
                .hasAuthority(CallerRole.LOCAL.name())
                .requestMatchers(HttpMethod.GET, "/v1/answers", "/v1/answers/values", "/v1/answers/next")
                .hasAnyAuthority(CallerRole.RELAY.name(), CallerRole.LOCAL.name());
    }

    /// Inputs are read and encoded as a stream.
    @Bean
    StreamedBodies streamedBodies() {
        return request -> "POST".equals(request.getMethod())
                && (INPUTS.equals(request.getServletPath())
                        || request.getServletPath().startsWith(REQUESTS + "/"));
    }

    @Bean
    static OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Shareferry client")
                        .description("Takes bundles from the relay, checks and reconstructs outputs, and shows them to"
                                + " the client's own people. Every request needs a client certificate. Numbers have up"
                                + " to 64 bits, values more. Browsers, Node's JSON.parse and jq round integers beyond"
                                + " 2^53: read JSON with a parser that keeps integers and decimals, or take text/csv.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }
}
