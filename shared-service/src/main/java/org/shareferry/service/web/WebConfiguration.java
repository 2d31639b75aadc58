// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.List;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.CallerArgument;
import org.shareferry.service.problem.ProblemAdvice;
import org.shareferry.service.problem.ProblemWriter;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/// Web configuration common to all services.
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, ProblemDigestAdvice.class})
class WebConfiguration implements WebMvcConfigurer {
    private static final Logger LOG = LoggerFactory.getLogger(WebConfiguration.class);

    /// Shorter than neighbours wait for a response.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    ProblemWriter problemWriter(JsonMapper json) {
        return new ProblemWriter(json);
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimit(
            ServiceProperties properties, ObjectProvider<StreamedBodies> streamed, ProblemWriter problems) {
        if (properties.bodyLimit().toBytes() < Bundle.MAX_SIZE) {
            LOG.warn(
                    "shareferry.body-limit is less than {} bytes: valid envelopes and bundles may be refused.",
                    Bundle.MAX_SIZE);
        }
        var rule = streamed.getIfAvailable(() -> request -> false);
        var filter = new BodyLimitFilter(properties, PATIENCE, rule::isStreamed, problems, System::nanoTime);
        var registration = new FilterRegistrationBean<>(filter);
        // After the security chain, so that callers without access are refused before their body is read.
        registration.setOrder(Ordered.LOWEST_PRECEDENCE);
        return registration;
    }

    @Bean
    FilterRegistrationBean<TruncatedResponseFilter> truncatedResponseFilter() {
        var registration = new FilterRegistrationBean<>(new TruncatedResponseFilter());
        registration.setDispatcherTypes(DispatcherType.ERROR);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /// Leaves most connections to other callers.
    @Bean
    FilterRegistrationBean<RequestLimitFilter> requestLimit(TomcatServerProperties tomcat, ProblemWriter problems) {
        int connections = tomcat.getMaxConnections();
        var registration = new FilterRegistrationBean<>(
                new RequestLimitFilter(new Places(connections, Math.max(1, connections / 4)), problems));
        registration.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
        return registration;
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, MemberName.class, MemberName::parse);
        registry.addConverter(String.class, DeliveryId.class, DeliveryId::parse);
        registry.addConverter(String.class, PartySet.class, PartySet::parse);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument());
    }
}
