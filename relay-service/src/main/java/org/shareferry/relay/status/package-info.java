// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Telling members what became of their deliveries.
@NullMarked
package org.shareferry.relay.status;

import org.jspecify.annotations.NullMarked;
