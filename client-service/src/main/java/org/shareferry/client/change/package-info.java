// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The order in which deliveries change.
@NullMarked
package org.shareferry.client.change;

import org.jspecify.annotations.NullMarked;
