// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Whole demo deployments on one machine.
@NullMarked
package org.shareferry.cli.init;

import org.jspecify.annotations.NullMarked;
