// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A service's settings, read by Spring Boot for the service and for the command line alike.
@NullMarked
package org.shareferry.doctor.settings;

import org.jspecify.annotations.NullMarked;
