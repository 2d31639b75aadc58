// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/// There is a connector where the port of a VM is configured.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("shareferry.party.vm.port")
@EnableConfigurationProperties(VmProperties.class)
class VmConfiguration {}
