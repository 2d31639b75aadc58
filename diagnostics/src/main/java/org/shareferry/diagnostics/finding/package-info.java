// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The results of checks: findings, their areas, faults and severities.
@NullMarked
package org.shareferry.diagnostics.finding;

import org.jspecify.annotations.NullMarked;
