// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Health checks and metrics.
@NullMarked
package org.shareferry.service.health;

import org.jspecify.annotations.NullMarked;
