// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.shareferry.site.settings.VmProperties;
import org.shareferry.site.settings.VmsProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/// The connectors are not beans: they depend on settings, and beans are determined at build time.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VmProperties.class)
class VmConfiguration {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(VmsProperties.class)
    static class Several {}
}
