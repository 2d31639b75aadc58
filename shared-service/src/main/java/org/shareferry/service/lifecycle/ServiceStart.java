// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.RenamedSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;

/// Starts a service. Its beans are determined at build time (Spring's ahead-of-time processing), because
/// determining them at each start would take longer than the rest of the start. The result is valid for the
/// settings in the service's own files. Some settings of an operator can change the set of beans; with these the
/// service determines its beans when it starts.
public final class ServiceStart implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceStart.class);

    /// First elements of the settings on which Spring Boot and springdoc have conditions.
    private static final Set<String> JUDGED = Set.of("spring", "springdoc", "server", "management");

    /// Prefixes of settings on which there is no condition.
    static final List<String> WITHOUT_CONDITION = List.of(
            "management.metrics.tags",
            "management.server.address",
            "management.server.port",
            "server.address",
            "server.port",
            "server.shutdown",
            "server.tomcat",
            "spring.application.name",
            "spring.application.pid",
            "spring.application.version",
            "spring.config",
            "spring.datasource.hikari",
            "spring.datasource.password",
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.lifecycle",
            "spring.main.banner-mode",
            "spring.main.log-startup-info",
            "spring.profiles");

    private final Class<?> service;

    private ServiceStart(Class<?> service) {
        this.service = service;
    }

    /// @param service a class with the annotations of a Spring Boot application
    /// @param arguments of the command line
    public static void run(Class<?> service, String... arguments) {
        var application = new SpringApplication(service);
        application.addListeners(new ServiceStart(service));
        application.run(arguments);
    }

    /// An explicit `-Dspring.aot.enabled` takes precedence.
    ///
    /// @throws StartupException when a setting is set by an old name
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        var renamed = RenamedSettings.in(event.getEnvironment());
        if (!renamed.isEmpty()) {
            throw new StartupException(String.join(System.lineSeparator(), renamed));
        }
        if (SpringProperties.checkFlag(AotDetector.AOT_ENABLED) != null
                || Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)
                || !ClassUtils.isPresent(
                        service.getName() + "__ApplicationContextInitializer", service.getClassLoader())) {
            return;
        }
        var decisive = decisive(event.getEnvironment());
        if (decisive.isEmpty()) {
            SpringProperties.setFlag(AotDetector.AOT_ENABLED);
        } else {
            LOG.info("This start takes longer, because these settings may change the set of beans: {}", decisive);
        }
    }

    /// @return the operator's settings on which there may be conditions
    static List<String> decisive(ConfigurableEnvironment environment) {
        var names = environment.getPropertySources().stream()
                .filter(source -> !isOwn(source))
                .flatMap(ServiceStart::names)
                .filter(name -> JUDGED.contains(name.getElement(0, ConfigurationPropertyName.Form.UNIFORM)))
                .map(ConfigurationPropertyName::toString)
                .filter(ServiceStart::mayHaveCondition);
        // The set of beans depends on whether management has its own port, shares the service's, or is off.
        var port = Stream.of("management.server.port")
                .filter(name -> ManagementPortType.get(environment) != ManagementPortType.DIFFERENT);
        return Stream.concat(names, port).distinct().sorted().toList();
    }

    /// @return whether it is one of this project's files, which existed at build time
    private static boolean isOwn(PropertySource<?> source) {
        return source.getName().startsWith("Config resource 'class path resource ")
                || ConfigurationPropertySources.isAttachedConfigurationPropertySource(source);
    }

    private static Stream<ConfigurationPropertyName> names(PropertySource<?> source) {
        return ConfigurationPropertySource.from(source) instanceof IterableConfigurationPropertySource settings
                ? settings.stream()
                : Stream.empty();
    }

    private static boolean mayHaveCondition(String name) {
        return WITHOUT_CONDITION.stream().noneMatch(harmless -> bare(name).startsWith(bare(harmless)));
    }

    /// Environment variables do not distinguish a dash from a dot.
    private static String bare(String name) {
        return name.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
    }
}
