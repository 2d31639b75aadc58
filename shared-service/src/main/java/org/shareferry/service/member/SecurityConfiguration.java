// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Arrays;
import java.util.function.Supplier;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemAdvice;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.problem.ProblemWriter;
import org.shareferry.site.settings.ServiceProperties;
import org.shareferry.site.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/// Spring Security: callers are identified by their certificates, rules grant access, everything else is denied.
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityConfiguration.class);

    private static final String[] DOCUMENTATION = {
        "/v3/api-docs", "/v3/api-docs/**", "/v3/api-docs.yaml", "/swagger-ui.html", "/swagger-ui/**", ProblemType.PAGE
    };

    /// Pages for the member's own users. They show what the API returns.
    private static final String[] PAGES = {"/", "/index.html", "/ui/**"};

    private static final RequestMatcher IS_PAGE = new OrRequestMatcher(Arrays.stream(PAGES)
            .<RequestMatcher>map(PathPatternRequestMatcher.withDefaults()::matcher)
            .toList());

    private static final RequestMatcher HAS_PAGE_POLICY = new OrRequestMatcher(
            IS_PAGE, PathPatternRequestMatcher.withDefaults().matcher(ProblemType.PAGE));

    /// The pages load nothing from other hosts and run only their own scripts.
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String[] MEMBERS = {
        CallerRole.PARTY.name(), CallerRole.RELAY.name(), CallerRole.CLIENT.name(), CallerRole.LOCAL.name()
    };

    /// The management port: health, metrics and build information without authentication. By default only this
    /// machine can reach it.
    @Bean
    @Order(1)
    SecurityFilterChain managementChain(HttpSecurity http) {
        return stateless(http.securityMatcher(EndpointRequest.toAnyEndpoint()))
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET)
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain serviceChain(
            HttpSecurity http,
            AccessPolicy policy,
            ServiceProperties properties,
            RosterFile roster,
            Supplier<Trust> trust,
            Clock clock,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mappings,
            ProblemWriter problems) {
        var callers = new Callers(trust, properties, roster, clock);
        return stateless(http)
                .addFilterBefore(new CertificateFilter(callers, problems), AnonymousAuthenticationFilter.class)
                .addFilterAfter(new CrossOriginFilter(problems), AnonymousAuthenticationFilter.class)
                .headers(headers -> headers.addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                        HAS_PAGE_POLICY, new ContentSecurityPolicyHeaderWriter(PAGE_POLICY))))
                .authorizeHttpRequests(requests -> {
                    requests.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
                    policy.addTo(requests);
                    requests.requestMatchers(HttpMethod.GET, DOCUMENTATION)
                            .hasAnyAuthority(MEMBERS)
                            .requestMatchers(HttpMethod.GET, "/v1/findings")
                            .hasAuthority(CallerRole.LOCAL.name())
                            .requestMatchers(HttpMethod.GET, PAGES)
                            .hasAuthority(CallerRole.LOCAL.name())
                            .requestMatchers(HttpMethod.GET, "/metrics")
                            .hasAnyAuthority(CallerRole.MONITOR.name(), CallerRole.LOCAL.name())
                            .anyRequest()
                            .denyAll();
                })
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (request, response, e) -> problems.write(
                                        response,
                                        Problem.of(
                                                ProblemType.CERTIFICATE_MISSING,
                                                "The request has no client certificate.")))
                        .accessDeniedHandler(
                                (request, response, e) -> problems.write(response, denied(request, mappings))))
                .build();
    }

    /// A member that mistypes an address gets 404 instead of 403. The addresses are no secret, and callers without
    /// a trusted certificate are refused earlier.
    private static Problem denied(HttpServletRequest request, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        try {
            ServletRequestPathUtils.parseAndCache(request);
            if (!IS_PAGE.matches(request) && mappings.getObject().getHandler(request) == null) {
                return Problem.of(ProblemType.NOT_FOUND, "There is nothing at this address.");
            }
        } catch (HttpRequestMethodNotSupportedException e) {
            return ProblemAdvice.methodNotAllowed(e);
        } catch (Exception e) {
            LOG.debug("The address exists.", e);
        }
        return Problem.of(ProblemType.NOT_ALLOWED, "The caller's role does not allow this request.");
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    /// Requests are measured as a whole. To measure each filter too took a twentieth of the processor time of a busy
    /// service.
    @Bean
    SecurityObservationSettings noMeasuringOfFilters() {
        return SecurityObservationSettings.noObservations();
    }

    /// Requests that Spring's firewall refuses: double slashes, semicolons, unknown methods.
    @Bean
    RequestRejectedHandler firewallProblems(ProblemWriter problems) {
        return (request, response, e) -> problems.write(
                response, Problem.of(ProblemType.REQUEST_MALFORMED, "The address or the method is malformed."));
    }

    /// There are no passwords. Without this bean Spring Boot would create a default user.
    @Bean
    AuthenticationManager noPasswords() {
        return authentication -> {
            throw new IllegalStateException("Callers are identified by their certificates only.");
        };
    }
}
