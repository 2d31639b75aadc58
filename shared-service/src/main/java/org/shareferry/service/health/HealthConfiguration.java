// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.shareferry.doctor.Checkup;
import org.shareferry.doctor.MemberSite;
import org.shareferry.doctor.settings.SettingsException;
import org.shareferry.doctor.settings.SiteSettings;
import org.shareferry.service.tls.TlsFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// Health checks and metrics of every service.
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(HealthConfiguration.class);
    private static final Path HERE = Path.of("");

    /// Runs before other beans read the same files, because their error messages help less.
    @Bean
    static BeanFactoryPostProcessor startupExamination(Environment environment) {
        return beans ->
                site(environment).ifPresent(site -> DiagnosticsHealth.requireUsable(new Checkup(site, clock(beans))));
    }

    /// @return nothing when a required setting is missing or malformed; Spring Boot reports that with more detail
    static Optional<MemberSite> site(Environment environment) {
        try {
            return Optional.of(SiteSettings.read(environment, HERE));
        } catch (SettingsException e) {
            LOG.debug("The doctor's checks are off: {}", e.sentence());
            return Optional.empty();
        }
    }

    /// The same bean that is injected into a parameter named `clock`.
    private static Clock clock(BeanFactory beans) {
        return beans.containsBean("clock") ? beans.getBean("clock", Clock.class) : beans.getBean(Clock.class);
    }

    @Bean
    DiagnosticsHealth doctorHealthIndicator(
            Environment environment,
            TlsFiles tls,
            ObjectProvider<DataSource> source,
            Clock clock,
            MeterRegistry meters) {
        var watch = new DiagnosticsHealth(
                site(environment).map(site -> new Checkup(site, clock)),
                () -> Optional.ofNullable(source.getIfAvailable())
                        .map(there -> new DatabaseProbe(there).examine())
                        .orElse(List.of()),
                clock,
                meters);
        watch.lookAtFiles();
        tls.onChange(watch::lookAtFiles);
        return watch;
    }
}
