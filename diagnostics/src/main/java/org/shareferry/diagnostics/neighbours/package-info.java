// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Checks of the connections to neighbours and to a webhook's receiver.
@NullMarked
package org.shareferry.diagnostics.neighbours;

import org.jspecify.annotations.NullMarked;
