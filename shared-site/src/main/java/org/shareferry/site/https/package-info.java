// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The HTTPS client for requests to other members, for services, command line and doctor.
@NullMarked
package org.shareferry.site.https;

import org.jspecify.annotations.NullMarked;
