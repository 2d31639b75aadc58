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

/// What operators watch at every service.
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(HealthConfiguration.class);
    private static final Path HERE = Path.of("");

    /// Before anything else reads the same files, and complains in words that help nobody.
    @Bean
    static BeanFactoryPostProcessor startupExamination(Environment environment) {
        return beans -> site(environment).ifPresent(site -> DiagnosticsHealth.requireUsable(new Checkup(site, clock(beans))));
    }

    /// @return nothing when something necessary is not set or has the wrong form, which others report better
    static Optional<MemberSite> site(Environment environment) {
        try {
            return Optional.of(SiteSettings.read(environment, HERE));
        } catch (SettingsException e) {
            LOG.debug("The doctor does not look at this member: {}", e.sentence());
            return Optional.empty();
        }
    }

    /// The one that a parameter named `clock` gets.
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
