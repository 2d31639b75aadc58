// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What operators watch at every service.
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {
    @Bean
    CertificateWatch certificateHealthIndicator(SslBundles bundles, Clock clock, MeterRegistry meters) {
        return new CertificateWatch(bundles, clock, meters);
    }
}
