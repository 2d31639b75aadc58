// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Checking and reconstructing complete deliveries.
@NullMarked
package org.shareferry.client.check;

import org.jspecify.annotations.NullMarked;
