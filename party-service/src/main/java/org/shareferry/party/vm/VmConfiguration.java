// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/// The connector is always there. It does something only where the port of a VM is configured: which beans a service
/// has
/// is decided when it is built.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VmProperties.class)
class VmConfiguration {}
