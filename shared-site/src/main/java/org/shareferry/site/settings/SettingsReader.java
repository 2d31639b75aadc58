// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.ConstraintViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/// Binds records of settings as the services do, checks their constraints, and collects what is wrong. Each sentence
/// has the name of a setting, where it is set, and what to do, but never its value.
final class SettingsReader {
    private final Iterable<ConfigurationPropertySource> sources;
    private final Binder binder;
    private final List<String> faults = new ArrayList<>();

    SettingsReader(Environment environment) {
        sources = ConfigurationPropertySources.get(environment);
        binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment), SettingConverters.all());
    }

    /// @param type a record with [ConfigurationProperties]
    /// @return its settings; empty if they are wrong
    <T> Optional<T> read(Class<T> type) {
        var prefix = type.getAnnotation(ConfigurationProperties.class).value();
        try {
            var settings = binder.bindOrCreate(prefix, type);
            var wrong = SettingConstraints.violations(settings).stream()
                    .map(violation -> sentence(ConfigurationPropertyName.of(prefix), violation))
                    .sorted()
                    .toList();
            faults.addAll(wrong);
            return wrong.isEmpty() ? Optional.of(settings) : Optional.empty();
        } catch (BindException e) {
            faults.add(sentence(e));
            return Optional.empty();
        }
    }

    /// @throws SettingsException when anything that was read is wrong
    void requireNoFaults() throws SettingsException {
        if (!faults.isEmpty()) {
            throw new SettingsException(String.join(" ", faults));
        }
    }

    private String sentence(ConfigurationPropertyName prefix, ConstraintViolation<?> violation) {
        var name = SettingConstraints.setting(prefix, violation);
        var rule = SettingConstraints.rule(violation);
        return SettingConstraints.isMissing(violation)
                ? name + " is not set; add it."
                        + rule.map(text -> " It " + text + ".").orElse("")
                : name + place(name) + " " + rule.orElse("is not set") + "; correct it.";
    }

    /// A list is set as a whole or by its elements.
    private String place(ConfigurationPropertyName name) {
        return StreamSupport.stream(sources.spliterator(), false)
                .flatMap(source -> List.of(name, name.append("[0]")).stream().map(source::getConfigurationProperty))
                .flatMap(property -> Optional.ofNullable(Origin.from(property)).stream())
                .findFirst()
                .map(SettingsReader::inBrackets)
                .orElse("");
    }

    private static String inBrackets(Origin origin) {
        return " (" + origin + ")";
    }

    private static String sentence(BindException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BeanInstantiationException
                    && cause.getCause() instanceof IllegalArgumentException own) {
                return String.valueOf(own.getMessage());
            }
        }
        var place = Optional.ofNullable(Origin.from(e.getProperty()))
                .map(SettingsReader::inBrackets)
                .orElse("");
        return e.getName() + place + " is not " + SettingForms.of(e.getTarget().getType()) + "; correct it.";
    }
}
