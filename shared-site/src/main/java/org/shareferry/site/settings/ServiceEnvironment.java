// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.shareferry.member.MemberName;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// The settings that a service would have if it were started in a given folder. Spring Boot collects them as in the
/// service, with profiles, imports and environment variables.
public final class ServiceEnvironment {
    private static final String LOCATION = "spring.config.location";
    private static final String DEFAULTS = "classpath:shareferry-service.yml";
    private static final String FOLDER = "optional:file:./;optional:file:./config/;optional:file:./config/*/";
    private static final List<String> FILES = Stream.of("config/application", "application")
            .flatMap(name -> Stream.of(".yml", ".yaml", ".properties").map(name::concat))
            .toList();

    private static final String MEMBER = "[PRC](0|[1-9][0-9]{0,3})";

    private ServiceEnvironment() {}

    /// @param folder in which the service is started
    /// @return the file with its settings, if there is one
    public static Optional<Path> fileIn(Path folder) {
        return FILES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /// @param folder in which the service is started
    /// @param file its settings, if they are not at a default location
    /// @param variables the environment variables with which it is started
    /// @throws SettingsException when settings cannot be read
    public static ConfigurableEnvironment of(Path folder, Optional<Path> file, Map<String, String> variables)
            throws SettingsException {
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        // The system properties of this process are not those of the service.
        sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        sources.replace(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(variables)));
        if (file.isPresent()) {
            sources.addFirst(locations(DEFAULTS + ";file:" + file.get().toAbsolutePath()));
        } else {
            sources.addLast(locations(DEFAULTS + ";" + FOLDER));
        }
        ConfigurationPropertySources.attach(environment);
        load(environment, folder);
        addRole(environment);
        return environment;
    }

    /// The service's own application.yml sets the role, for the defaults in shareferry-service.yml.
    private static void addRole(ConfigurableEnvironment environment) {
        var member = environment.getProperty("shareferry.member", "").strip();
        if (member.matches(MEMBER)) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource(
                            "shareferry-role",
                            Map.of(
                                    "shareferry.role",
                                    MemberName.parse(member).role().text())));
        }
    }

    private static MapPropertySource locations(String locations) {
        return new MapPropertySource("shareferry-locations", Map.of(LOCATION, locations));
    }

    private static void load(ConfigurableEnvironment environment, Path folder) throws SettingsException {
        var application = new SpringApplication(ServiceEnvironment.class);
        application.setResourceLoader(new FolderLoader(folder));
        try {
            new EnvironmentPostProcessorApplicationListener()
                    .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                            new DefaultBootstrapContext(), application, new String[0], environment));
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
    }

    private static SettingsException unreadable(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case MarkedYAMLException yaml
                when yaml.getProblemMark() != null -> {
                    return new SettingsException(
                            "The file is not well-formed YAML at line "
                                    + (yaml.getProblemMark().getLine() + 1) + "; correct it.",
                            e);
                }
                // Its message contains the file or location, but no values.
                case ConfigDataException missing -> {
                    return new SettingsException(missing.getMessage() + "; correct the location.", e);
                }
                default -> {
                    continue;
                }
            }
        }
        return new SettingsException("The file cannot be read as settings of a service; correct it.", e);
    }

    /// Resolves relative paths against the service's folder instead of this process's.
    private static final class FolderLoader extends DefaultResourceLoader {
        private static final String FILE = "file:";

        private final Path folder;

        FolderLoader(Path folder) {
            this.folder = folder;
        }

        @Override
        public Resource getResource(String location) {
            if (!location.startsWith(FILE)) {
                return super.getResource(location);
            }
            boolean isFolder = location.endsWith("/");
            var path = folder.resolve(location.substring(FILE.length()).replaceFirst("^//", ""));
            return new FileSystemResource(isFolder ? path + "/" : path.toString());
        }
    }
}
