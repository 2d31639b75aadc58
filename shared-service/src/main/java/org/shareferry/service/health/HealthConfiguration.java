// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.shareferry.diagnostics.Checkup;
import org.shareferry.service.member.StartupException;
import org.shareferry.service.tls.TlsFiles;
import org.shareferry.site.MemberSite;
import org.shareferry.site.settings.SettingsException;
import org.shareferry.site.settings.SiteSettings;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;

/// Health checks and metrics of every service.
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
    private static final Path HERE = Path.of("");

    /// Runs before other beans read the same settings and files, because their error messages help less. The bean is
    /// not declared, because it needs the settings of the running service.
    @Bean
    static BeanFactoryPostProcessor startupExamination(Environment environment) {
        return beans -> {
            if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
                var checkup = new Checkup(site(environment), clock(beans));
                DiagnosticsHealth.requireUsable(checkup);
                beans.registerSingleton("checkup", checkup);
            }
        };
    }

    /// @throws StartupException when settings are missing or wrong
    static MemberSite site(Environment environment) {
        try {
            return SiteSettings.read(environment, HERE);
        } catch (SettingsException e) {
            throw new StartupException(e.sentence(), e);
        }
    }

    /// The same bean that is injected into a parameter named `clock`.
    private static Clock clock(BeanFactory beans) {
        return beans.containsBean("clock") ? beans.getBean("clock", Clock.class) : beans.getBean(Clock.class);
    }

    @Bean
    DiagnosticsHealth doctorHealthIndicator(
            Checkup checkup, TlsFiles tls, ObjectProvider<DataSource> source, Clock clock, MeterRegistry meters) {
        var watch = new DiagnosticsHealth(
                checkup,
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
