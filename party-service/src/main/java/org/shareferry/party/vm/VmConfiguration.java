// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/// The connectors are made from the settings when the service starts: which beans a service has is decided when it is
/// built.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({VmProperties.class, VmsProperties.class})
class VmConfiguration {}
