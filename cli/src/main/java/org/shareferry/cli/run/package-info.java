// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Runs the services that `shareferry init` set up.
@NullMarked
package org.shareferry.cli.run;

import org.jspecify.annotations.NullMarked;
