// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The way to other members over HTTPS: one client for services, command line and doctor.
@NullMarked
package org.shareferry.https;

import org.jspecify.annotations.NullMarked;
