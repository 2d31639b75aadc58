// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Delivery of bundles to clients, and their receipts.
@NullMarked
package org.shareferry.relay.dispatch;

import org.jspecify.annotations.NullMarked;
