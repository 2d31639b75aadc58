// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The order of the changes of deliveries.
@NullMarked
package org.shareferry.client.change;

import org.jspecify.annotations.NullMarked;
