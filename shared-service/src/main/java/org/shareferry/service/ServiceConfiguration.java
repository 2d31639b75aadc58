// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/// Everything that the three services share. Spring Boot activates it when it is on the class path.
@AutoConfiguration
@EnableScheduling
@ComponentScan
public class ServiceConfiguration {}
