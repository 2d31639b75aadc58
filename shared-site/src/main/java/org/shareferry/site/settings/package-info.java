// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A service's settings, read by Spring Boot in the same way for services and command line.
@NullMarked
package org.shareferry.site.settings;

import org.jspecify.annotations.NullMarked;
