// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.member.StartupException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.MethodMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;

/// Which settings of an operator keep a service from being started with the beans that were decided when it was
/// built.
class ServiceStartTest {
    @TempDir
    Path folder;

    /// @param variables of the environment
    /// @param file an operator's `application.yml`
    private List<String> decisive(Map<String, Object> variables, String file) throws Exception {
        Files.writeString(folder.resolve("application.yml"), file);
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        sources.replace(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        sources.addLast(new MapPropertySource(
                "where", Map.of("spring.config.location", "classpath:shareferry-service.yml;file:" + folder + "/")));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return ServiceStart.decisive(environment);
    }

    @Test
    void settings_that_no_condition_is_on_leave_the_beans_as_they_are() throws Exception {
        Map<String, Object> variables = Map.of(
                "PATH", "/bin",
                "SPRING_CONFIG_ADDITIONAL_LOCATION", "file:" + folder + "/",
                "SPRING_DATASOURCE_URL", "jdbc:postgresql://db/shareferry",
                "SPRING_DATASOURCE_USERNAME", "shareferry",
                "SPRING_DATASOURCE_HIKARI_INITIALIZATION_FAIL_TIMEOUT", "60000",
                "SPRING_MAIN_LOG_STARTUP_INFO", "false",
                "MANAGEMENT_SERVER_PORT", "9444");

        var decisive = decisive(variables, """
                server: {port: 8444, address: 127.0.0.1, tomcat: {max-connections: 64}}
                management.server.address: 0.0.0.0
                logging: {level: {root: DEBUG}, structured.format.console: ecs}
                shareferry: {member: P0, party.vm.port: 14000}
                """);

        assertThat(decisive).isEmpty();
    }

    @Test
    void any_other_setting_of_spring_has_the_service_decide_anew() throws Exception {
        Map<String, Object> variables = Map.of("SPRINGDOC_SWAGGER_UI_ENABLED", "false");

        var decisive = decisive(variables, """
                springdoc.api-docs.enabled: false
                management: {endpoints.web.exposure.include: health, health.diskspace.enabled: false}
                spring.flyway.enabled: false
                """);

        assertThat(decisive)
                .containsExactly(
                        "management.endpoints.web.exposure.include",
                        "management.health.diskspace.enabled",
                        "spring.flyway.enabled",
                        "springdoc.api-docs.enabled",
                        "springdoc.swagger.ui.enabled");
    }

    @Test
    void a_service_does_not_start_with_a_setting_by_its_old_name() {
        assertThatThrownBy(() -> ServiceStart.run(ServiceStartTest.class, "--shareferry.party.vm.last-words=3s"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("shareferry.party.vm.drain-timeout");
    }

    @Test
    void a_shared_or_disabled_management_port_makes_the_service_decide_again() throws Exception {
        for (var port : List.of("8443", "-1")) {
            assertThat(decisive(Map.of("MANAGEMENT_SERVER_PORT", port), "shareferry.member: P0"))
                    .containsExactly("management.server.port");
        }
    }

    /// Reads the classes of all libraries of Spring that are on the class path.
    @Test
    void no_condition_is_on_a_setting_that_is_taken_to_have_none() throws Exception {
        var conditions = Stream.of(new PathMatchingResourcePatternResolver()
                        .getResources("classpath*:org/spring*/**/*Configuration*.class"))
                .map(ServiceStartTest::read)
                .flatMap(ServiceStartTest::conditions)
                .flatMap(ServiceStartTest::settings)
                .toList();

        assertThat(conditions)
                .contains("springdoc.api-docs.enabled", "spring.flyway.enabled", "spring.datasource.type")
                .noneMatch(setting -> ServiceStart.WITHOUT_CONDITION.stream().anyMatch(setting::startsWith));
    }

    private static MetadataReader read(org.springframework.core.io.Resource file) {
        try {
            return new SimpleMetadataReaderFactory().getMetadataReader(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Stream<MergedAnnotations> conditions(MetadataReader found) {
        var type = found.getAnnotationMetadata();
        return Stream.concat(
                Stream.of(type.getAnnotations()),
                type.getDeclaredMethods().stream().map(MethodMetadata::getAnnotations));
    }

    private static Stream<String> settings(MergedAnnotations annotations) {
        return Stream.of(ConditionalOnProperty.class, ConditionalOnBooleanProperty.class)
                .flatMap(annotations::stream)
                .flatMap(condition -> {
                    var prefix = condition.getString("prefix");
                    return Stream.of("name", "value")
                            .flatMap(names -> Stream.of(condition.getStringArray(names)))
                            .map(name ->
                                    prefix.isEmpty() || prefix.endsWith(".") ? prefix + name : prefix + "." + name);
                });
    }
}
