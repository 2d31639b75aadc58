// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Status of services and their deliveries.
@NullMarked
package org.shareferry.cli.status;

import org.jspecify.annotations.NullMarked;
